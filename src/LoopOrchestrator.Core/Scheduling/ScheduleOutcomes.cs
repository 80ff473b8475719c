using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>What follows from the fate of an occurrence: it is told in the log, and what it interrupts is cancelled.</summary>
internal sealed partial class ScheduleOutcomes(RunService service, ILogger<Scheduler> logger)
{
    /// <summary>Tells what became of an occurrence, and cancels the run that it interrupts.</summary>
    public async Task FollowAsync(Schedule schedule, FireResult? result, CancellationToken cancellationToken)
    {
        if (result?.StartedRunId is { } started)
        {
            LogStarted(schedule, started);
        }
        else if (result is not null)
        {
            Log.NotFired(logger, schedule.Id, schedule.Name, result.Outcome is { } outcome ? OccurrenceNames.Name(outcome) : "waiting");
        }

        if (result?.InterruptRunId is { } interrupted)
        {
            await InterruptAsync(schedule, interrupted, cancellationToken);
        }
    }

    /// <summary>Tells that a schedule has a run.</summary>
    public void LogStarted(Schedule schedule, string runId) => Log.Fired(logger, schedule.Id, schedule.Name, runId);

    /// <summary>Tells that a schedule cannot be looked at.</summary>
    public void LogFailed(Schedule schedule, Exception exception) => Log.PassFailed(logger, exception, schedule.Id);

    /// <summary>Cancels the run before, because the schedule says so.</summary>
    public Task InterruptAsync(Schedule schedule, string runId, CancellationToken cancellationToken) =>
        TryCancelAsync(runId, $"schedule '{schedule.Id}' is due again and its taskInteraction is interrupt", cancellationToken);

    /// <summary>Cancels a run, unless it has ended.</summary>
    public async Task TryCancelAsync(string runId, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await service.CancelAsync(runId, reason, cancellationToken);
        }
        catch (UserErrorException)
        {
            // It ended by itself at this moment, which is just as well.
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.ScheduleFired, LogLevel.Information, "Schedule {Schedule} ({Name}) fired: {Run}")]
        public static partial void Fired(ILogger logger, string schedule, string name, string run);

        [LoggerMessage(LogEvents.ScheduleNotFired, LogLevel.Information, "Schedule {Schedule} ({Name}) was due: {Outcome}")]
        public static partial void NotFired(ILogger logger, string schedule, string name, string outcome);

        [LoggerMessage(
            LogEvents.ScheduleCheckFailed,
            LogLevel.Error,
            "Schedule {Schedule} could not be evaluated in this pass; other schedules are not affected"
        )]
        public static partial void PassFailed(ILogger logger, Exception exception, string schedule);
    }
}
