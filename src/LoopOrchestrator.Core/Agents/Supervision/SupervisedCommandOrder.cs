using LoopOrchestrator.Core.Agents.Supervision.Files;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>A command that is to run under a supervisor.</summary>
/// <param name="Folder">The folder of this start; made for it, so it must not be there.</param>
/// <param name="Command">The program, looked for from where it works, and its arguments.</param>
/// <param name="WorkingFolder">The folder that it works in.</param>
/// <param name="Limit">Its time limit.</param>
internal sealed record SupervisedCommandOrder(RunFolder Folder, IReadOnlyList<string> Command, string WorkingFolder, TimeSpan Limit)
{
    /// <summary>Variables to set beside the usual ones.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);
}
