using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Cli.Reports;

/// <summary>A row of <c>runs export</c>: its members are the columns, in this order.</summary>
internal sealed record ExportedRun(
    string RunId,
    string State,
    string Kind,
    string Mode,
    string? Agent,
    string? Workflow,
    string Priority,
    string? Origin,
    string? ScheduleId,
    DateTimeOffset? ScheduledFor,
    string? ParentRunId,
    string? CycleId,
    int Attempts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    long? DurationSeconds,
    int? ExitCode,
    decimal? CostUsd,
    long? InputTokens,
    long? OutputTokens,
    long? CachedTokens,
    bool? Evidence,
    string? Reason,
    string? Summary,
    string Task
)
{
    /// <param name="run">The run.</param>
    /// <param name="hasNoEvidence">Whether it succeeded with nothing but its state to show for it.</param>
    public static ExportedRun From(Run run, bool hasNoEvidence) =>
        new(
            run.Id,
            run.State.Name(),
            run.Kind switch
            {
                RunKind.Cycle => "cycle",
                RunKind.Handoff => "handoff",
                _ => "agent",
            },
            run.Mode,
            run.Agent,
            run.Workflow,
            run.Priority.Name(),
            run.Origin?.Name(),
            run.ScheduleId,
            run.ScheduledFor,
            run.ParentRunId,
            run.CycleId,
            run.Attempt,
            run.CreatedAt,
            run.StartedAt,
            run.EndedAt,
            run is { StartedAt: { } started, EndedAt: { } ended } ? (long)Math.Max(0, (ended - started).TotalSeconds) : null,
            run.ExitCode,
            run.CostUsd is { } cost && double.IsFinite(cost) && Math.Abs(cost) < 1e12 ? (decimal)cost : null,
            run.Tokens?.Input,
            run.Tokens?.Output,
            run.Tokens?.Cached,
            run is { State: RunState.Succeeded, IsUnverified: false } ? !hasNoEvidence : null,
            run.Reason,
            run.Summary,
            run.Task
        );

    /// <summary>The columns of the CSV form, in the order of the members.</summary>
    public static IReadOnlyList<CsvColumn<ExportedRun>> Columns { get; } =
    [
        new("run_id", static row => row.RunId),
        new("state", static row => row.State),
        new("kind", static row => row.Kind),
        new("mode", static row => row.Mode),
        new("agent", static row => row.Agent),
        new("workflow", static row => row.Workflow),
        new("priority", static row => row.Priority),
        new("origin", static row => row.Origin),
        new("schedule_id", static row => row.ScheduleId),
        new("scheduled_for", static row => row.ScheduledFor),
        new("parent_run_id", static row => row.ParentRunId),
        new("cycle_id", static row => row.CycleId),
        new("attempts", static row => row.Attempts),
        new("created_at", static row => row.CreatedAt),
        new("started_at", static row => row.StartedAt),
        new("ended_at", static row => row.EndedAt),
        new("duration_seconds", static row => row.DurationSeconds),
        new("exit_code", static row => row.ExitCode),
        new("cost_usd", static row => row.CostUsd),
        new("input_tokens", static row => row.InputTokens),
        new("output_tokens", static row => row.OutputTokens),
        new("cached_tokens", static row => row.CachedTokens),
        new("evidence", static row => row.Evidence),
        new("reason", static row => row.Reason),
        new("summary", static row => row.Summary),
        new("task", static row => row.Task),
    ];
}
