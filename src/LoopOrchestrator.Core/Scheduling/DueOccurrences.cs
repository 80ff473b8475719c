using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Telemetry;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>Enters due moments into the ledger.</summary>
internal sealed partial class DueOccurrences(IOccurrenceLedger ledger, ScheduleOutcomes outcomes, ILogger<Scheduler> logger)
{
    // Of each schedule that cannot be looked at.
    private readonly RepeatFilter _trouble = new();

    /// <summary>Enters what was planned.</summary>
    /// <returns>When to look again because of what could not be entered; <see langword="null"/> when all of it was.</returns>
    /// <remarks>
    /// One transaction for all of them, because each costs a sync of the disk; where it fails, one for each, so that the others keep their
    /// beat.
    /// </remarks>
    public async Task<DateTimeOffset?> EnterAsync(List<PlannedEntry> planned, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        if (planned.Count > 1)
        {
            try
            {
                var results = await ledger.EnterAsync([.. planned.Select(static one => one.Request)], cancellationToken);
                foreach (var (one, result) in planned.Zip(results))
                {
                    Measure(one, result, now);
                    await outcomes.FollowAsync(one.Schedule, result, cancellationToken);
                }

                return null;
            }
            catch (UserErrorException exception)
            {
                Log.BatchFailed(logger, planned.Count, exception.Message);
            }
        }

        foreach (var one in planned)
        {
            try
            {
                var result = await ledger.EnterAsync(one.Request, cancellationToken);
                Measure(one, result, now);
                await outcomes.FollowAsync(one.Schedule, result, cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                next = Earliest.Of(next, Failed(one.Schedule, now, exception));
            }
        }

        return next;
    }

    /// <summary>One schedule's trouble is not the others': they keep their beat, and this one is tried again soon.</summary>
    /// <returns>When.</returns>
    public DateTimeOffset Failed(Schedule schedule, DateTimeOffset now, Exception exception)
    {
        // The moment in the words of one that stands still is another one each time.
        var standsStill = exception is StandstillException;
        var isNew = _trouble.IsNew(standsStill ? nameof(StandstillException) : exception.Message, schedule.Id);
        if (standsStill)
        {
            // It is not over before the file, the zone or the program is another one.
            if (isNew)
            {
                Log.StandsStill(logger, schedule.Id, exception.Message);
            }

            return now + SchedulerLoop.MaxSleep;
        }

        if (isNew)
        {
            outcomes.LogFailed(schedule, exception);
        }

        return now + SchedulerLoop.TakeOver;
    }

    /// <summary>A schedule could be looked at: trouble that comes again is told again.</summary>
    public void Looked(Schedule schedule) => _trouble.Clear(schedule.Id);

    private static void Measure(PlannedEntry planned, FireResult? result, DateTimeOffset now)
    {
        if (
            result is not null
            && LoopMetrics.Lateness.Enabled
            && planned.Request.Segments.LastOrDefault(static segment => segment.Outcome is null) is { } fired
        )
        {
            LoopMetrics.Lateness.Record(Math.Max(0, (now - ScheduleJitter.FiringMoment(planned.Schedule, fired.Last)).TotalSeconds));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.ScheduleStandsStill,
            LogLevel.Error,
            "Schedule {Schedule} cannot fire: {Reason}. The other schedules are not affected; repeats are not logged"
        )]
        public static partial void StandsStill(ILogger logger, string schedule, string reason);

        [LoggerMessage(
            LogEvents.ScheduleBatchFailed,
            LogLevel.Warning,
            "A batch of {Count} due schedules could not be recorded at once and is recorded one by one: {Error}"
        )]
        public static partial void BatchFailed(ILogger logger, int count, string error);
    }
}
