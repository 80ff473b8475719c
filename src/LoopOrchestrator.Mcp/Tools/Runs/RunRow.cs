using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Mcp.Tools.Runs;

/// <summary>
/// A run as a line of a list. <c>no_report</c> is there for a success without a report of its agent, <c>catch_up</c> for one that makes up
/// for a due moment that was missed, <c>no_evidence</c> for a success that nothing shows but its state, <c>why_not</c> for one that waits.
/// </summary>
internal sealed record RunRow(
    string RunId,
    string State,
    string Mode,
    string Agent,
    string Title,
    string? ScheduleId,
    string? Origin,
    DateTimeOffset? ScheduledFor,
    bool? CatchUp,
    string? Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? EndedAt,
    bool? NoReport
)
{
    /// <summary>True for a success without any evidence; left out otherwise.</summary>
    public bool? NoEvidence { get; init; }

    /// <summary>Why it waits.</summary>
    public string? WhyNot { get; init; }

    public static RunRow From(Run run) =>
        new(
            run.Id,
            run.State.Name(),
            run.Mode,
            run.AgentName(),
            RunTitle.Of(run.Task),
            run.ScheduleId,
            run.Origin?.Name(),
            run.ScheduledFor,
            run.IsCatchUp ? true : null,
            run.Reason,
            run.CreatedAt,
            run.StartedAt,
            run.EndedAt,
            run.HasNoReport ? true : null
        );
}
