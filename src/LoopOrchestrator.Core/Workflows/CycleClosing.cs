using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Ends cycles whose verdict is recorded, with all below them.</summary>
internal sealed class CycleClosing(
    ICycleStore cycles,
    IRunStore runs,
    CycleItems items,
    CycleEvidence evidence,
    CycleEnding ending,
    RunFinisher finisher,
    Action wake
)
{
    /// <summary>
    /// Ends a cycle. Not before all below it has ended: no successor of its schedule may begin while something of it lives.
    /// </summary>
    public async Task<bool> EndAsync(Cycle cycle, CancellationToken cancellationToken)
    {
        foreach (var item in cycle.Items.Where(static item => !item.IsOver))
        {
            if (!await items.CloseAsync(cycle, item, cycle.Verdict!.Reason, cancellationToken))
            {
                return false;
            }
        }

        if (await runs.GoesOnBelowAsync(cycle.Run.Id, cancellationToken))
        {
            return false;
        }

        await LeaveStageAsync(cycle, cancellationToken);
        cycle = await cycles.FindAsync(cycle.Run.Id, cancellationToken) ?? cycle;
        await cycles.NoteEffectAsync(cycle, CycleEnding.HasEffect(cycle), cancellationToken);
        var end = await ending.DescribeAsync(cycle, cancellationToken);
        await finisher.EndAsync(cycle.Run.Id, end, cancellationToken);
        wake();
        return true;
    }

    /// <summary>Leaves what the current stage has open, so that another one can begin. Always true.</summary>
    public async Task<bool> LeaveStageAsync(Cycle cycle, CancellationToken cancellationToken)
    {
        if (await evidence.LeaveAsync(cycle, cancellationToken) is { } marked)
        {
            await cycles.MarkAsync(cycle, marked, cancellationToken);
        }

        return true;
    }
}
