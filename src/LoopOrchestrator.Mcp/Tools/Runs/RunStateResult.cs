using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>Where a run stands after a tool has changed it; its caller knows the rest, or finds it with <c>get_run</c>.</summary>
internal sealed record RunStateResult(string RunId, string State, string Mode, string? Reason, string? Next)
{
    public static RunStateResult From(Run run) => new(run.Id, run.State.Name(), run.Mode, run.Reason, RunResult.NextStep(run));
}
