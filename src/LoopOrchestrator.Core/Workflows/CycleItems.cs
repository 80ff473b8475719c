using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Checks the items of a cycle that have begun, and records how they ended; ends those of a cycle that is over.</summary>
internal sealed class CycleItems(
    ICycleStore cycles,
    IRunStore runs,
    CycleCommands commands,
    CycleEvidence evidence,
    CycleTrust trust,
    StateFolderCheck folders,
    TimeProvider time
)
{
    /// <summary>Checks a step. True when its end was recorded.</summary>
    public async Task<bool> ReconcileStepAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        var run = await runs.FindAsync(item.RunId!, cancellationToken);
        if (run is null || !run.State.HasEnded() || run.State == RunState.NeedsInput)
        {
            return false;
        }

        var foreign = await folders.FindAsync(run, cancellationToken);
        var settled = CycleSteps.Judge(
            cycle,
            await evidence.AfterAsync(cycle, CycleSteps.CompleteFrom(item, run), cancellationToken),
            foreign
        );
        return await cycles.TryRecordEndAsync(cycle, settled, CycleItemState.Running, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>
    /// Checks a gate or a sync command, and starts it where the process that recorded it did not get to that. True when its end was
    /// recorded.
    /// </summary>
    public async Task<bool> ReconcileCommandAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        if (trust.IsTrusted && commands.IsUnbegun(cycle, item))
        {
            if (trust.WhyHeld(cycle, item) is { } held)
            {
                throw new UserErrorException($"{held}, or cancel the cycle");
            }

            // Its secret died with whoever recorded it, so this is another start, elsewhere.
            var start = SupervisorStart.Create();
            var placed = CycleCommands.Place(cycle, item, start);
            if (!await cycles.TryRestartAsync(cycle, placed, item.Folder, cancellationToken))
            {
                return false;
            }

            commands.Start(cycle, placed, start);
            item = placed;
        }

        return await commands.CheckAsync(cycle, item) is { } settled
            && await cycles.TryRecordEndAsync(cycle, settled, CycleItemState.Running, time.GetUtcNow(), cancellationToken);
    }

    /// <summary>Brings what isolated steps did into the workspace. True when how that ended was recorded.</summary>
    public async Task<bool> LandAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        if (!trust.IsTrusted)
        {
            return false;
        }

        var refusal = await evidence.LandAsync(cycle, cancellationToken);
        var left = refusal is null ? await evidence.KeepLeftAsync(cycle, cancellationToken) : null;
        var landed = item with
        {
            Marks = left is null || item.Marks.Contains(left, StringComparer.Ordinal) ? item.Marks : [.. item.Marks, left],
            State = refusal is null ? CycleItemState.Passed : CycleItemState.Failed,
            Reason = refusal ?? "what was changed in the work tree is in the workspace now",
            EndedAt = time.GetUtcNow(),
        };
        return await cycles.TryRecordEndAsync(
            cycle,
            await evidence.AfterAsync(cycle, landed, cancellationToken),
            CycleItemState.Running,
            time.GetUtcNow(),
            cancellationToken
        );
    }

    /// <summary>Ends an item of a cycle that is over. False while it goes on.</summary>
    public async Task<bool> CloseAsync(Cycle cycle, CycleItem item, string reason, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var expected = item.State;
        if (expected == CycleItemState.Preparing)
        {
            item = item with { State = CycleItemState.Cancelled, Reason = "not begun: the cycle ended first", EndedAt = now };
        }
        else if (item.Kind == CycleItemKind.Step)
        {
            if (await runs.FindAsync(item.RunId!, cancellationToken) is { State: RunState.Queued or RunState.Running })
            {
                return false;
            }

            return await ReconcileStepAsync(cycle, item, cancellationToken)
                || await CloseQuestionAsync(cycle, item, now, cancellationToken);
        }
        else if (item.Kind == CycleItemKind.Landing)
        {
            // How far it came nobody knows; what it changed so far is kept, so that it can be taken back.
            item = await evidence.AfterAsync(
                cycle,
                item with
                {
                    State = CycleItemState.Cancelled,
                    Reason = "the cycle ended before it was known to be done",
                    EndedAt = now,
                },
                cancellationToken
            );
        }
        else
        {
            commands.Cancel(cycle, item, reason);
            if (await commands.CheckAsync(cycle, item) is not { } settled)
            {
                return false;
            }

            item = settled;
        }

        await cycles.TryRecordEndAsync(cycle, item, expected, now, cancellationToken);
        return true;
    }

    private Task<bool> CloseQuestionAsync(Cycle cycle, CycleItem item, DateTimeOffset now, CancellationToken cancellationToken) =>
        cycles.TryWithdrawAsync(
            cycle,
            item with
            {
                State = CycleItemState.Cancelled,
                Reason = "the cycle ended before its questions were answered",
                EndedAt = now,
            },
            now,
            cancellationToken
        );
}
