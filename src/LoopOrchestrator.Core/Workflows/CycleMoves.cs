using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Takes cycles from one recorded state to the next.</summary>
internal sealed class CycleMoves(
    ICycleStore cycles,
    CycleHold hold,
    CycleItems items,
    CycleBeginnings beginnings,
    CycleVerdicts verdicts,
    CycleClosing closing,
    TimeProvider time
)
{
    /// <summary>One transition. False when there is none to make now.</summary>
    public async Task<bool> MoveAsync(Cycle cycle, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (cycle.Verdict is not null)
        {
            return await closing.EndAsync(cycle, cancellationToken);
        }

        if (cycle.Run.CancelReason is { } reason)
        {
            return await verdicts.JudgeAsync(cycle, new CycleVerdict(RunState.Cancelled, reason, Escalates: false), cancellationToken);
        }

        if (cycle.Run.DeadlineAt <= now && cycle.HeldSince is null)
        {
            return await verdicts.JudgeAsync(
                cycle,
                new CycleVerdict(RunState.TimedOut, $"it reached its time limit of {cycle.Run.TimeoutSeconds} s", Escalates: false),
                cancellationToken
            );
        }

        foreach (var item in cycle.Current.Where(static item => !item.IsOver))
        {
            if (await ContinueAsync(cycle, item, cancellationToken))
            {
                return true;
            }
        }

        return CycleRules.Next(cycle) switch
        {
            CycleMove.Begin begin => await hold.MayBeginAsync(cycle, cancellationToken)
                && await beginnings.PrepareAsync(cycle, begin, cancellationToken),
            CycleMove.Advance advance => await cycles.TryAdvanceAsync(cycle, advance.Stage, now, cancellationToken),
            CycleMove.GoBack back => await closing.LeaveStageAsync(cycle, cancellationToken)
                && await cycles.TryGoBackAsync(cycle, back, now, cancellationToken),
            CycleMove.End end => await verdicts.JudgeAsync(cycle, end.Verdict, cancellationToken),
            _ => await hold.WaitAsync(cycle, cancellationToken),
        };
    }

    // What was decided on is begun, and what goes on is looked at. True when that was a transition.
    private async Task<bool> ContinueAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken) =>
        (item.State, item.Kind) switch
        {
            (CycleItemState.Preparing, CycleItemKind.Step) => await hold.MayBeginAsync(cycle, cancellationToken)
                && await beginnings.BeginStepAsync(cycle, item, cancellationToken),
            (CycleItemState.Preparing, CycleItemKind.Landing) => await hold.MayBeginAsync(cycle, cancellationToken)
                && await beginnings.BeginLandingAsync(cycle, item, cancellationToken),
            (CycleItemState.Preparing, _) => await hold.MayBeginAsync(cycle, cancellationToken)
                && await beginnings.BeginCommandAsync(cycle, item, cancellationToken),
            (_, CycleItemKind.Step) => await items.ReconcileStepAsync(cycle, item, cancellationToken),
            (_, CycleItemKind.Landing) => await items.LandAsync(cycle, item, cancellationToken),
            _ => await items.ReconcileCommandAsync(cycle, item, cancellationToken),
        };
}
