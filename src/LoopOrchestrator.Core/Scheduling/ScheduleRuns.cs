using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Checks;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>Plans the runs of schedules that are due: whether there is one, or why not.</summary>
internal sealed partial class ScheduleRuns(
    WorkspacePaths paths,
    IRunStore store,
    RunFactory runs,
    RunAdmission admission,
    OnlyIfChecks checks,
    ILogger<Scheduler> logger
)
{
    /// <summary>What the limits allow now, counted down by each run that is planned.</summary>
    public Task<RunPlaces> PlacesAsync(CancellationToken cancellationToken) => admission.PlacesAsync(cancellationToken);

    /// <summary>What is entered into the ledger for due moments of a schedule.</summary>
    public async Task<FireRequest> RequestAsync(
        Schedule schedule,
        ScheduleState state,
        IReadOnlyList<DueSegment> segments,
        DateTimeOffset now,
        RunPlaces places,
        CancellationToken cancellationToken
    )
    {
        var fires = segments.Any(static segment => segment.Outcome is null);
        var plan = fires ? await PlanAsync(schedule, now, places, cancellationToken) : null;
        return new FireRequest(schedule.Id, now, segments, schedule.TaskInteraction, schedule.Misfire == MisfirePolicy.All, plan)
        {
            PlannedFrom = state.LastDueAt,
            MaxWaiting = schedule.MisfireLimit,
            Checks = schedule.OnlyIf is not null || checks.WhyUnguarded(schedule) is not null,
        };
    }

    /// <summary>The run of a schedule that is due, or why there is none.</summary>
    public async Task<RunPlan> PlanAsync(Schedule schedule, DateTimeOffset now, RunPlaces places, CancellationToken cancellationToken)
    {
        if (schedule.OnlyIf is not null && await checks.RefusalAsync(cancellationToken) is { } untrusted)
        {
            return new RunPlan.Refused(untrusted);
        }

        if (
            schedule.RequireActivity
            && await LastRunAsync(schedule.Id, cancellationToken) is { } last
            && !WorkspaceActivity.Since(paths, last)
        )
        {
            return new RunPlan.Refused("requireActivity: nothing in the workspace changed since the last run");
        }

        if (places.FindLimit() is { } limit)
        {
            return new RunPlan.Refused(limit.Text);
        }

        try
        {
            var plan = await runs.CreateAsync(ScheduledItem.Request(schedule, paths), cancellationToken);
            places.Take();
            return plan with { Run = plan.Run with { CreatedAt = now } };
        }
        catch (UserErrorException exception)
        {
            Log.Refused(logger, schedule.Id, exception.Message);
            return new RunPlan.Refused(exception.Message);
        }
    }

    private async Task<DateTimeOffset?> LastRunAsync(string scheduleId, CancellationToken cancellationToken)
    {
        var runsOfSchedule = await store.ListAsync(new RunFilter { ScheduleId = scheduleId, Limit = 1 }, cancellationToken);
        return runsOfSchedule is [var run] ? run.EndedAt ?? run.CreatedAt : null;
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.ScheduleRefused, LogLevel.Warning, "Schedule {Schedule} was due, but no run could be made: {Reason}")]
        public static partial void Refused(ILogger logger, string schedule, string reason);
    }
}
