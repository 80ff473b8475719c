using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>Starts occurrences that have waited for the run before them, and ends that run where the schedule says so.</summary>
internal sealed class WaitingOccurrences(
    ScheduleSource source,
    IOccurrenceLedger ledger,
    IRunStore store,
    ScheduleRuns runs,
    ScheduleOutcomes outcomes,
    RunService service
)
{
    /// <summary>Starts what may start now.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="between">Called now and then while there is much to do.</param>
    /// <param name="cancellationToken">Ends it between two transactions.</param>
    /// <returns>When a silent run may be ended; <see langword="null"/> for none.</returns>
    public async Task<DateTimeOffset?> StartAsync(
        DateTimeOffset now,
        Func<CancellationToken, Task> between,
        CancellationToken cancellationToken
    )
    {
        var waiting = await ledger.WaitingSchedulesAsync(cancellationToken);
        if (waiting.Count == 0)
        {
            return null;
        }

        DateTimeOffset? next = null;
        var active = await store.ActiveBySchedulesAsync(cancellationToken);
        var places = await runs.PlacesAsync(cancellationToken);
        var schedules = source
            .Schedules.DistinctBy(static schedule => schedule.Id, StringComparer.Ordinal)
            .ToDictionary(static schedule => schedule.Id, StringComparer.Ordinal);
        var written = 0;
        foreach (var (id, ready) in waiting)
        {
            if (schedules.GetValueOrDefault(id) is { Active: true } schedule)
            {
                if (ready && active.Running.GetValueOrDefault(id) is { } running)
                {
                    next = Earliest.Of(next, await EndPredecessorAsync(schedule, running, now, cancellationToken));
                }
                else if (ready && !active.Active.Contains(id) && !places.IsQueueFull)
                {
                    // A full queue is no reason to drop what waits: it has room again when one of its runs is started.
                    await StartAsync(schedule, now, places, cancellationToken);
                    written++;
                }
            }
            else if (source.IsCertain)
            {
                await ledger.DropWaitingAsync(
                    id,
                    "its schedule was taken out of the file or made inactive while it waited",
                    now,
                    cancellationToken
                );
                written++;
            }

            if (written == Scheduler.SchedulesPerBatch)
            {
                written = 0;
                await between(cancellationToken);
            }
        }

        return next;
    }

    private async Task StartAsync(Schedule schedule, DateTimeOffset now, RunPlaces places, CancellationToken cancellationToken)
    {
        switch (await runs.PlanAsync(schedule, now, places, cancellationToken))
        {
            case RunPlan.Refused refused:
                await ledger.DropWaitingAsync(schedule.Id, refused.Reason, now, cancellationToken);
                break;
            case RunPlan.Accepted accepted:
                var why = $"its schedule '{schedule.Id}' had waited for the run before it; {accepted.Why}";
                if (await ledger.StartWaitingAsync(schedule.Id, accepted.Run, why, now, cancellationToken))
                {
                    outcomes.LogStarted(schedule, accepted.Run.Id);
                }

                break;
        }
    }

    private async Task<DateTimeOffset?> EndPredecessorAsync(
        Schedule schedule,
        Run running,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // What somebody else's agent does for a hand-off cannot be heard from here; only its time limit ends it. A cycle prints nothing
        // itself, and its steps have limits.
        if (running.CancelReason is not null || (schedule.TaskInteraction == TaskInteraction.Wait && running.Kind != RunKind.Agent))
        {
            return null;
        }

        if (schedule.TaskInteraction == TaskInteraction.Interrupt)
        {
            await outcomes.InterruptAsync(schedule, running.Id, cancellationToken);
        }

        return schedule.TaskInteraction == TaskInteraction.Wait ? await EndSilentRunAsync(schedule, running, now, cancellationToken) : null;
    }

    // Roo Scheduler's meaning of wait: what is going on is left alone as long as it does something.
    private async Task<DateTimeOffset?> EndSilentRunAsync(
        Schedule schedule,
        Run running,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var output = new FileInfo(service.OutputFile(running));
        var printed = output.Exists ? new DateTimeOffset(output.LastWriteTimeUtc) : default;
        var active = printed > running.AttemptStartedAt ? printed : running.AttemptStartedAt!.Value;
        var until = active + schedule.InactivityDelay;
        if (until > now)
        {
            return until;
        }

        await outcomes.TryCancelAsync(
            running.Id,
            $"it was silent for {schedule.InactivityDelay.TotalMinutes:0.##} min (inactivityDelay) and the next "
                + $"occurrence of schedule '{schedule.Id}' waits",
            cancellationToken
        );
        return null;
    }
}
