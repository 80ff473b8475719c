using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Checks;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>Decides on occurrences whose <c>onlyIf</c> has been asked.</summary>
internal sealed class CheckingOccurrences(
    ScheduleSource source,
    IOccurrenceLedger ledger,
    OnlyIfChecks checks,
    ScheduleRuns runs,
    ScheduleOutcomes outcomes
)
{
    // Of each schedule whose check cannot be looked at.
    private readonly RepeatFilter _trouble = new();

    /// <summary>Records the answers that are there.</summary>
    /// <returns>When to ask again; <see langword="null"/> when nothing is asked.</returns>
    public async Task<DateTimeOffset?> RecordAnswersAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (
            var occurrence in (await ledger.CheckingAsync(cancellationToken)).DistinctBy(
                static occurrence => occurrence.ScheduleId,
                StringComparer.Ordinal
            )
        )
        {
            if (source.Schedules.FirstOrDefault(schedule => schedule.Id == occurrence.ScheduleId) is not { Active: true } schedule)
            {
                continue;
            }

            // A supervisor of ours or its bell tells at once; the regular look is for one that was killed, or has to be started elsewhere.
            next = Earliest.Of(next, now + SchedulerLoop.TakeOver);
            try
            {
                var answer =
                    schedule.OnlyIf is not null ? await checks.AnswerAsync(occurrence, cancellationToken)
                    : await checks.HoldUnguardedAsync(schedule, occurrence, cancellationToken) ? null
                    : new CheckAnswer.Yes();
                _trouble.Clear(schedule.Id);
                if (answer is not null)
                {
                    await RecordAnswerAsync(schedule, occurrence, answer, now, cancellationToken);
                    await checks.PruneAsync(cancellationToken);
                    next = Earliest.Of(next, now);
                }
            }
            catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
            {
                // What is wrong with one check's folder must not keep the others, or the runs, from going on.
                if (_trouble.IsNew(exception.Message, schedule.Id))
                {
                    outcomes.LogFailed(schedule, exception);
                }
            }
        }

        return next;
    }

    private async Task RecordAnswerAsync(
        Schedule schedule,
        Occurrence occurrence,
        CheckAnswer answer,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var no = answer as CheckAnswer.No;
        var plan = no is null
            ? await runs.PlanAsync(schedule, now, await runs.PlacesAsync(cancellationToken), cancellationToken)
            : new RunPlan.Refused(no.Reason);
        if (plan is RunPlan.Accepted accepted && schedule.OnlyIf is not null)
        {
            plan = accepted with { Why = $"its onlyIf said yes; {accepted.Why}" };
        }

        var due = new DueSegment(occurrence.DueAt, occurrence.LastDueAt, occurrence.Count, Outcome: null, Reason: null)
        {
            IsCatchUp = occurrence.IsCatchUp,
        };
        var segment = plan is RunPlan.Refused refused
            ? due with
            {
                Outcome = OccurrenceOutcome.Skipped,
                Reason = refused.Reason,
                ReasonCode = no?.Code,
            }
            : due;
        var result = await ledger.RecordCheckAsync(
            occurrence,
            new FireRequest(schedule.Id, now, [segment], schedule.TaskInteraction, schedule.Misfire == MisfirePolicy.All, plan)
            {
                MaxWaiting = schedule.MisfireLimit,
            },
            cancellationToken
        );
        await outcomes.FollowAsync(schedule, result, cancellationToken);
    }
}
