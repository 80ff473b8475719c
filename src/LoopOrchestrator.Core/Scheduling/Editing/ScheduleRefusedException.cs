using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>A schedule was not saved. The message has all reasons in one sentence, for a form each stands by itself.</summary>
/// <param name="message">The sentence.</param>
/// <param name="reasons">The reasons, each a phrase.</param>
public sealed class ScheduleRefusedException(string message, IReadOnlyList<string> reasons) : UserErrorException(message)
{
    /// <summary>The reasons.</summary>
    public IReadOnlyList<string> Reasons => reasons;
}
