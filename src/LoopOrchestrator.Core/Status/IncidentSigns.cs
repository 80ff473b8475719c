using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Status;

/// <summary>What of a workspace's status somebody outside should know. Pure.</summary>
internal static class IncidentSigns
{
    /// <summary>
    /// A resolved step may never run again: after so long without a success the person who resolved it is believed.
    /// </summary>
    public static readonly TimeSpan WaitsForSuccess = TimeSpan.FromDays(1);

    /// <summary>All signs.</summary>
    /// <param name="status">The status.</param>
    /// <param name="escalations">The escalations that go on, those that were resolved and wait for their success too.</param>
    public static IReadOnlyList<IncidentSign> Of(WorkspaceStatus status, IReadOnlyList<Escalation> escalations) =>
        [
            .. escalations.Select(Sign),
            .. status.Questions.Select(static one => new IncidentSign(
                IncidentKind.NeedsInput,
                one.ScheduleId is { } id ? $"schedule '{id}'" : $"mode {one.Mode}",
                $"run {one.LatestRunId} waits for an answer" + (one.Count > 1 ? $", and {one.Count - 1} more do" : ""),
                one.Count
            )),
            .. Budgets(status),
            .. status.Life.IsAlive
                ? []
                : new[]
                {
                    new IncidentSign(
                        IncidentKind.DeadScheduler,
                        "the scheduler",
                        status.Life.Missing > 0 ? "due moments pass and nothing fires them" : "no server process fires schedules"
                    ),
                },
            .. status
                .Schedules.Where(schedule => schedule.Skips?.Count >= status.SkipsToTell)
                .Select(static schedule => new IncidentSign(
                    IncidentKind.Skips,
                    $"schedule '{schedule.Schedule.Id}'",
                    $"its due moments are left out; the last time: {schedule.Skips!.Reason}",
                    schedule.Skips.Count
                )),
        ];

    private static IncidentSign Sign(Escalation escalation) =>
        new(
            IncidentKind.Escalation,
            $"escalation {escalation.Id}",
            escalation.ResolvedAt is null ? escalation.Reason : $"{escalation.Reason}; resolved, and waiting for its first success",
            escalation.Runs.Count
        );

    private static IEnumerable<IncidentSign> Budgets(WorkspaceStatus status)
    {
        if (status.LimitReached is { } limit)
        {
            yield return new IncidentSign(IncidentKind.BudgetReached, "all runs", limit);
        }

        var paused = status.Schedules.Where(static schedule => schedule.Pause?.By == PausedBy.Budget).ToList();
        if (paused.Find(static schedule => schedule.Pause!.IsOfAll) is { } any)
        {
            yield return new IncidentSign(IncidentKind.BudgetReached, "all schedules", any.Pause!.Reason ?? "a limit of the day");
        }

        foreach (var schedule in paused.Where(static schedule => !schedule.Pause!.IsOfAll))
        {
            yield return new IncidentSign(
                IncidentKind.BudgetReached,
                $"schedule '{schedule.Schedule.Id}'",
                schedule.Pause!.Reason ?? "a limit of the day"
            );
        }
    }
}
