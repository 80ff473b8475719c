using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Status;

/// <summary>What of a workspace's status somebody outside should know. Pure.</summary>
internal static class IncidentSigns
{
    // A resolved step may never run again: after a day without a success the person who resolved it is believed.
    private static readonly TimeSpan WaitsForSuccess = TimeSpan.FromDays(1);

    /// <summary>All signs.</summary>
    /// <param name="status">The status.</param>
    /// <param name="escalations">The escalations, those that were resolved too.</param>
    public static IReadOnlyList<IncidentSign> Of(WorkspaceStatus status, IReadOnlyList<Escalation> escalations) =>
        [
            .. escalations.Where(one => GoesOn(one, status.At)).Select(Sign),
            .. status
                .NeedInput.GroupBy(static run => run.ScheduleId is { } id ? $"schedule '{id}'" : $"mode {run.Mode}", StringComparer.Ordinal)
                .Select(static group => new IncidentSign(
                    IncidentKind.NeedsInput,
                    group.Key,
                    $"run {group.First().Id} waits for an answer" + (group.Count() > 1 ? $", and {group.Count() - 1} more do" : ""),
                    group.Count()
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

    // An incident of a step is over with the first success behind it, and not with somebody's word.
    private static bool GoesOn(Escalation escalation, DateTimeOffset now) =>
        escalation.RecoveredRunId is null && (escalation.ResolvedAt is not { } resolved || now - resolved < WaitsForSuccess);

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
