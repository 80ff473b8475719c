using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Begins what comes next in a cycle: each decision is on disk before what it leads to.</summary>
internal sealed class CycleBeginnings(
    ICycleStore cycles,
    CycleSteps steps,
    CycleCommands commands,
    CycleEvidence evidence,
    CycleVerdicts verdicts,
    TimeProvider time,
    Action wake
)
{
    /// <summary>Records what is decided on.</summary>
    public async Task<bool> PrepareAsync(Cycle cycle, CycleMove.Begin begin, CancellationToken cancellationToken)
    {
        IReadOnlyList<CycleItem> prepared;
        try
        {
            prepared =
            [
                .. begin.Positions.Select((position, index) => steps.Prepare(cycle, begin.Kind, position, cycle.Items.Count + 1 + index)),
            ];
        }
        catch (UserErrorException exception)
        {
            return await verdicts.JudgeAsync(cycle, exception, cancellationToken);
        }

        return await cycles.TryPrepareAsync(cycle, prepared, cancellationToken);
    }

    /// <summary>Begins a step.</summary>
    public async Task<bool> BeginStepAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        CycleItem begun;
        Run run;
        try
        {
            // As it stands now: the end of a hold, a moment ago, has moved its time limit.
            cycle = await cycles.FindAsync(cycle.Run.Id, cancellationToken) ?? cycle;
            (begun, run) = steps.CreateRun(cycle, await evidence.BeforeAsync(cycle, item, cancellationToken));
        }
        catch (UserErrorException exception)
        {
            return await verdicts.JudgeAsync(cycle, exception, cancellationToken);
        }

        var done = await cycles.TryBeginAsync(cycle, begun, run, time.GetUtcNow(), cancellationToken);
        wake();
        return done;
    }

    /// <summary>Begins a gate, also on the tree as it was before its steps, or a sync command.</summary>
    public async Task<bool> BeginCommandAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken)
    {
        try
        {
            item = item.Kind switch
            {
                CycleItemKind.Gate => item with { WorkTree = CycleEvidence.WorkTreeOf(cycle) },
                CycleItemKind.Baseline => item with { WorkTree = await evidence.UntouchedAsync(cycle, cancellationToken) },
                _ => item,
            };
        }
        catch (UserErrorException exception)
        {
            // Then nobody knows, and the failure of the gate counts as it does without that look.
            return await cycles.TryRecordEndAsync(
                cycle,
                item with
                {
                    State = CycleItemState.Passed,
                    Reason = $"not tried: {exception.Message}",
                    EndedAt = time.GetUtcNow(),
                },
                CycleItemState.Preparing,
                time.GetUtcNow(),
                cancellationToken
            );
        }

        var start = SupervisorStart.Create();
        var placed = CycleCommands.Place(cycle, item, start);

        // Recorded first: a command that runs and that nobody knows of would be started a second time.
        if (!await cycles.TryBeginAsync(cycle, placed, run: null, time.GetUtcNow(), cancellationToken))
        {
            return false;
        }

        commands.Start(cycle, placed, start);
        return true;
    }

    /// <summary>
    /// Begins a landing. The checkpoint before it is recorded first: taken again behind a crash it would hold what is landed already.
    /// </summary>
    public async Task<bool> BeginLandingAsync(Cycle cycle, CycleItem item, CancellationToken cancellationToken) =>
        await cycles.TryBeginAsync(
            cycle,
            await evidence.BeforeAsync(cycle, item, cancellationToken),
            run: null,
            time.GetUtcNow(),
            cancellationToken
        );
}
