using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// Whether a cycle may begin something new, or waits for a person. While it is held its time stands still, and the reason is told.
/// </summary>
internal sealed class CycleHold(
    ICycleStore cycles,
    IRunStore runs,
    IPauseStore pauses,
    RunAdmission admission,
    ScheduleSource schedules,
    CycleTrust trust,
    TimeProvider time
)
{
    private const string NotInForce = "; the schedule is not in force any more: put it back to resume it, or cancel the cycle";

    /// <summary>Whether something new may be begun; if not, the cycle is held.</summary>
    public async Task<bool> MayBeginAsync(Cycle cycle, CancellationToken cancellationToken)
    {
        var paused = await pauses.FindReasonAsync(cycle.Run.ScheduleId, cancellationToken);
        var reason =
            paused is not null ? $"its schedule is paused ({paused}){(IsInForce(cycle) ? "" : NotInForce)}"
            : await admission.FindLimitOfStepAsync(cancellationToken) is { } limit ? limit
            : !trust.IsTrusted && NeedsTrust(cycle)
                ? "this workspace is not trusted, so its gates are not executed and no work tree is made"
            : trust.IsTrusted ? trust.WhyHeld(cycle)
            : null;
        return await HoldAsync(cycle, reason, cancellationToken);
    }

    /// <summary>Something goes on; when that is a person's answer or look, the cycle is held as well. Always false.</summary>
    public async Task<bool> WaitAsync(Cycle cycle, CancellationToken cancellationToken)
    {
        string? reason = null;
        foreach (var item in cycle.Current.Where(static item => item is { IsOver: false, RunId: not null }))
        {
            if (await runs.FindAsync(item.RunId!, cancellationToken) is { State: RunState.NeedsInput } asking)
            {
                reason = $"run {asking.Id} waits for an answer to its questions";
            }
            else if (await trust.WhyHeldAsync(item.RunId!, cancellationToken) is { } held)
            {
                reason ??= $"run {item.RunId} waits: {held}";
            }
        }

        if (cycle.Current.Any(static item => item.State == CycleItemState.Preparing) && reason is null)
        {
            // Held where it was about to begin; that is looked at above.
            return false;
        }

        await HoldAsync(cycle, reason, cancellationToken);
        return false;
    }

    private async Task<bool> HoldAsync(Cycle cycle, string? reason, CancellationToken cancellationToken)
    {
        if (reason is not null)
        {
            await cycles.HoldAsync(cycle, reason, time.GetUtcNow(), cancellationToken);
            return false;
        }

        if (cycle.HeldSince is not null)
        {
            await cycles.ReleaseAsync(cycle, time.GetUtcNow(), cancellationToken);
        }

        return true;
    }

    private bool IsInForce(Cycle cycle) => schedules.Schedules.Any(schedule => schedule.Id == cycle.Run.ScheduleId);

    private static bool NeedsTrust(Cycle cycle) =>
        cycle.Current.Any(item => item.State == CycleItemState.Preparing && NeedsTrust(cycle, item.Kind, item.Position))
        || (CycleRules.Next(cycle) is CycleMove.Begin begin && begin.Positions.Any(position => NeedsTrust(cycle, begin.Kind, position)));

    private static bool NeedsTrust(Cycle cycle, CycleItemKind kind, int position) =>
        kind != CycleItemKind.Step || cycle.CurrentStage.Steps[position].Isolated;
}
