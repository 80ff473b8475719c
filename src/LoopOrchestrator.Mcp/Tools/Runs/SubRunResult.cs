using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>A run that another one asked for.</summary>
internal sealed record SubRunResult(string RunId, string ParentRunId, string State, string Mode, string Task)
{
    public static SubRunResult From(Run run) => new(run.Id, run.ParentRunId!, run.State.Name(), run.Mode, RunTitle.Of(run.Task));
}
