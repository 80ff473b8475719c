using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>Starts the work of schedules by a person's word. Safe for many threads and processes.</summary>
internal sealed class ScheduleTrigger(
    WorkspacePaths paths,
    ScheduleSource source,
    IOccurrenceLedger ledger,
    RunFactory runs,
    RunAdmission admission
)
{
    /// <summary>Starts a schedule's work now, by hand.</summary>
    /// <exception cref="UserErrorException">There is no such schedule, its run cannot be made, or one is there already.</exception>
    public async Task<Run> TriggerAsync(string scheduleId, CancellationToken cancellationToken = default)
    {
        var schedule = source.Get(scheduleId);
        var (run, why) = await runs.CreateAsync(ScheduledItem.Request(schedule, paths), cancellationToken);
        await admission.EnsureAsync(run, cancellationToken);
        await ledger.TriggerAsync(schedule.Id, run, $"triggered by hand; {why}", cancellationToken);
        return run;
    }
}
