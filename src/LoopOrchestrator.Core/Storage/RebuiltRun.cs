using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Storage;

/// <summary>A run that files tell of.</summary>
/// <param name="Run">The run.</param>
/// <param name="Source">Where it is known from, in words.</param>
/// <param name="DueAt">The due moment of its schedule that it was started for; of no meaning without a schedule.</param>
/// <param name="ByHand">Whether it was triggered by hand, and belongs to no due moment.</param>
internal sealed record RebuiltRun(Run Run, string Source, DateTimeOffset DueAt, bool ByHand)
{
    /// <summary>
    /// The ids of schedules of which one may have started it, where it is not known which: several have that name, or it was renamed.
    /// </summary>
    public IReadOnlyList<string> PossibleSchedules { get; init; } = [];
}
