using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// Enters due moments into the ledger and starts waiting occurrences. It only puts runs into the queue, so a tick never waits for work.
/// One process of a workspace may tick at a time; the ledger itself refuses a moment that is in it already.
/// </summary>
internal sealed class Scheduler(
    ScheduleSource source,
    ScheduleStates states,
    ScheduleRuns runs,
    DueOccurrences due,
    CheckingOccurrences checking,
    WaitingOccurrences waiting,
    TimeProvider time
)
{
    /// <summary>How many schedules' due moments are one transaction, and after how many the caller's other work has its turn.</summary>
    public const int SchedulesPerBatch = 50;

    /// <summary>Deals with everything that is due now.</summary>
    /// <param name="between">
    /// Called again and again while there is much to do, between two transactions: for work that must not wait until all schedules
    /// have been dealt with, such as starting what is queued.
    /// </param>
    /// <param name="cancellationToken">Ends the pass between two transactions.</param>
    /// <returns>
    /// The next due moment of any schedule, or the next moment at which a silent run may be ended; <see langword="null"/> for none.
    /// </returns>
    public async Task<DateTimeOffset?> TickAsync(
        Func<CancellationToken, Task>? between = null,
        CancellationToken cancellationToken = default
    )
    {
        between ??= static _ => Task.CompletedTask;
        var now = time.GetUtcNow();
        var known = await states.ReadAsync(now, cancellationToken);
        var all = known.GetValueOrDefault(ScheduleState.AllSchedules, ScheduleState.Unknown);
        await states.RecordRemovedAsync(known, cancellationToken);
        var next = known.Values.Min(static state => state.PausedUntil);
        foreach (var part in source.Schedules.Chunk(SchedulesPerBatch))
        {
            var places = await runs.PlacesAsync(cancellationToken);
            var planned = new List<PlannedEntry>();
            foreach (var schedule in part)
            {
                try
                {
                    var state = await states.RecordFirstSeenAsync(
                        schedule,
                        known.GetValueOrDefault(schedule.Id, ScheduleState.Unknown),
                        now,
                        cancellationToken
                    );
                    if (schedule.Active)
                    {
                        state = await PlanAsync(schedule, state, all, now, places, planned, cancellationToken);
                        next = Earliest.Of(
                            next,
                            NextDue.Of(schedule, state, now) is { } moment ? ScheduleJitter.FiringMoment(schedule, moment) : null
                        );
                    }

                    due.Looked(schedule);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    next = Earliest.Of(next, due.Failed(schedule, now, exception));
                }
            }

            next = Earliest.Of(next, await due.EnterAsync(planned, now, cancellationToken));
            if (part.Length == SchedulesPerBatch)
            {
                await between(cancellationToken);
            }
        }

        next = Earliest.Of(next, await checking.RecordAnswersAsync(now, cancellationToken));
        return Earliest.Of(next, await waiting.StartAsync(now, between, cancellationToken));
    }

    private async Task<ScheduleState> PlanAsync(
        Schedule schedule,
        ScheduleState state,
        ScheduleState all,
        DateTimeOffset now,
        RunPlaces places,
        List<PlannedEntry> planned,
        CancellationToken cancellationToken
    )
    {
        var segments = MisfirePlan.Create(schedule, state, all, now);
        if (segments.Count > 0)
        {
            planned.Add(new PlannedEntry(schedule, await runs.RequestAsync(schedule, state, segments, now, places, cancellationToken)));
            return state with { LastDueAt = segments[^1].Last };
        }

        if ((state.Reference(schedule) ?? state.FirstSeenAt) is null && NextOccurrence.First(schedule, now) is not null)
        {
            await states.RecordFirstSeenAsync(schedule, now, cancellationToken);
            return state with { FirstSeenAt = now };
        }

        return state;
    }
}
