using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>Starts the work of schedules by a person's word. Safe for many threads and processes.</summary>
internal sealed class ScheduleTrigger(
    WorkspacePaths paths,
    ScheduleSource source,
    IOccurrenceLedger ledger,
    IRunStore store,
    RequestService requests,
    RunFactory runs,
    RunAdmission admission
)
{
    /// <summary>Starts a schedule's work now, by hand.</summary>
    /// <exception cref="UserErrorException">There is no such schedule, its run cannot be made, or one is there already.</exception>
    public async Task<Run> TriggerAsync(string scheduleId, string? requestId, CancellationToken cancellationToken = default)
    {
        var key = RequestKey.Of("trigger_schedule", requestId, ("schedule_id", scheduleId));
        if (key is not null && await requests.FindAsync(key, cancellationToken) is { } before)
        {
            return await RequestedRuns.FindAsync(store, key, before, cancellationToken);
        }

        var schedule = source.Get(scheduleId);
        var (run, why) = await runs.CreateAsync(ScheduledItem.Request(schedule, paths), cancellationToken);
        await admission.EnsureAsync(run, cancellationToken);
        run = run with { Origin = RunOrigin.Trigger };
        why = $"triggered by hand; {why}";
        if (key is null)
        {
            await ledger.TriggerAsync(schedule.Id, run, why, cancellationToken);
            return run;
        }

        // Of two at the same moment, the one that comes second gets the run of the first.
        var known = await ledger.TriggerAsync(schedule.Id, run, why, key, cancellationToken);
        if (known is not null)
        {
            key.EnsureSame(known);
        }

        return known is null ? run : await RequestedRuns.FindAsync(store, key, known, cancellationToken);
    }
}
