using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>One attempt of a run.</summary>
internal sealed record AttemptResult(
    int Number,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string? Outcome,
    string? Reason,
    int? ExitCode,
    double? CostUsd
)
{
    public static AttemptResult From(RunAttempt attempt) =>
        new(attempt.Number, attempt.StartedAt, attempt.EndedAt, attempt.Outcome?.Name(), attempt.Reason, attempt.ExitCode, attempt.CostUsd);
}
