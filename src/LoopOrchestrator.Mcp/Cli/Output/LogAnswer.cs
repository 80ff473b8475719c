using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Cli.Output;

/// <summary>What <c>runs log --json</c> prints.</summary>
/// <param name="Output">
/// All that the run's attempts have printed so far; of a cycle the end of what each gate and sync command printed, below its name.
/// </param>
internal sealed record LogAnswer(string RunId, string State, string? Reason, string Output)
{
    public static LogAnswer From(Run run, string output) => new(run.Id, run.State.Name(), run.Reason, output);
}
