using LoopOrchestrator.Core.Runs;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>A run as a line of a list.</summary>
internal sealed record RunRow(
    string RunId,
    string State,
    string Mode,
    string Agent,
    string Title,
    string? ScheduleId,
    string? Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt)
{
    public static RunRow From(Run run) =>
        new(run.Id, run.State.Name(), run.Mode, run.Agent, RunTitle.Of(run.Task), run.ScheduleId, run.Reason, run.CreatedAt, run.StartedAt, run.EndedAt);
}
