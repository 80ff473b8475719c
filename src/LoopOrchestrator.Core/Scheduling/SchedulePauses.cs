using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>Pauses schedules by a person's word, and lets them go on. Safe for many threads and processes.</summary>
internal sealed class SchedulePauses(ScheduleSource source, IPauseStore pauses, IEscalationStore escalations, TimeProvider time)
{
    /// <summary>Pauses one schedule, or all; their backlog is dropped.</summary>
    /// <returns>The ids of the queued runs that were cancelled.</returns>
    /// <exception cref="UserErrorException">There is no such schedule.</exception>
    public Task<IReadOnlyList<string>> PauseAsync(string scheduleId, string reason, CancellationToken cancellationToken)
    {
        Check(scheduleId);
        return pauses.PauseAsync(scheduleId, reason, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Ends a pause. False when there was none.</summary>
    /// <exception cref="UserErrorException">There is no such schedule, or an escalation has stopped it.</exception>
    public async Task<bool> ResumeAsync(string scheduleId, CancellationToken cancellationToken)
    {
        Check(scheduleId);
        if (await escalations.FindOpenOfScheduleAsync(scheduleId, cancellationToken) is { } open)
        {
            throw new UserErrorException(
                $"Schedule '{scheduleId}' is stopped by escalation {open.Id}: {open.Reason}. Fix the cause, then resolve "
                    + $"it with a note (tool resolve_escalation, or 'loop-orchestrator escalations resolve {open.Id} "
                    + "NOTE'); that lets it go on."
            );
        }

        return await pauses.ResumeAsync(scheduleId, time.GetUtcNow(), cancellationToken);
    }

    private void Check(string scheduleId)
    {
        if (scheduleId != ScheduleState.AllSchedules)
        {
            source.Get(scheduleId);
        }
    }
}
