using LoopOrchestrator.Core.Runs;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>The answer of <c>answer_run</c>.</summary>
internal sealed record AnswerResult(string RunId, string State, string? Next)
{
    public static AnswerResult From(Run run) => new(run.Id, run.State.Name(), RunResult.NextStep(run));
}
