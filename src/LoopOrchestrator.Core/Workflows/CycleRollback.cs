using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// Takes back what a step, or a whole cycle, changed in the workspace: by its checkpoints, and nothing that somebody changed since.
/// </summary>
public sealed class CycleRollback
{
    private readonly ICycleStore _cycles;
    private readonly IRunStore _runs;
    private readonly CheckpointStore _checkpoints;
    private readonly WorkspaceTrust _trust;

    internal CycleRollback(ICycleStore cycles, IRunStore runs, CheckpointStore checkpoints, WorkspaceTrust trust)
    {
        _cycles = cycles;
        _runs = runs;
        _checkpoints = checkpoints;
        _trust = trust;
    }

    /// <summary>What a rollback would do, file by file. Nothing is changed.</summary>
    /// <param name="id">A cycle, or a run that was a step of one.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="UserErrorException">There are no checkpoints of it, it goes on, or the workspace is not trusted.</exception>
    public async Task<RollbackPlan> PlanAsync(string id, CancellationToken cancellationToken = default)
    {
        if (!_trust.IsTrusted)
        {
            throw new UserErrorException(
                "The workspace is not trusted, and a rollback asks git, which a repository can have start programs. Say "
                    + "that it is with 'loop-orchestrator trust', then repeat the call (a server's --trust-workspace is for that server "
                    + "alone; LOOP_TRUST_WORKSPACE=1 is for one command)."
            );
        }

        var checkpoints = await CheckpointsAsync(id, cancellationToken);
        var plan = await _checkpoints.PlanAsync(
            checkpoints[0].Checkpoint,
            checkpoints[^1].Checkpoint,
            cancellationToken: cancellationToken
        );
        return plan.Sparing(await ChangedBetweenAsync(id, checkpoints, cancellationToken));
    }

    /// <summary>Carries a plan out and looks whether it worked. The present is kept in a checkpoint first.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="skipConflicts">Leave files alone that somebody has changed since, instead of refusing.</param>
    /// <param name="cancellationToken">Heeded until the first file is changed.</param>
    /// <exception cref="UserErrorException">
    /// There are conflicts and they are not to be left alone, or it could not be begun; nothing was changed.
    /// </exception>
    public Task<RollbackResult> ApplyAsync(RollbackPlan plan, bool skipConflicts = false, CancellationToken cancellationToken = default) =>
        _checkpoints.ApplyAsync(plan, skipConflicts, cancellationToken);

    // The checkpoints around the steps in the order in which they were taken. Steps side by side overlap; only their order is the clock's,
    // which may have been set.
    private async Task<IReadOnlyList<(Checkpoint Checkpoint, bool Begins)>> CheckpointsAsync(string id, CancellationToken cancellationToken)
    {
        var run = await _runs.FindAsync(id, cancellationToken)
            ?? throw new UserErrorException(
                $"There is no run '{id}'. {ToolNames.ListCycles} and {ToolNames.ListRuns} show the ids of the latest."
            );
        var cycle = await _cycles.FindAsync(run.CycleId ?? id, cancellationToken)
            ?? throw new UserErrorException(
                $"Run {id} is neither a cycle nor a step of one, so no checkpoints were taken around it. Use git to take "
                    + "back what it changed."
            );
        if (cycle.Run.State == RunState.Running)
        {
            throw new UserErrorException(
                $"Cycle {cycle.Run.Id} goes on, and a rollback now would work against it. Cancel it first ({ToolNames.CancelCycle}), "
                    + "or wait for its end."
            );
        }

        var found = new List<(Checkpoint Checkpoint, bool Begins)>();
        var items = cycle.Items.Where(item => (run.CycleId is null || item.RunId == id) && item is { Before: not null, After: not null });
        foreach (
            var together in items.GroupBy(item =>
                (item.Visit, Number: item.Kind == CycleItemKind.Step && cycle.Workflow.Stages[item.Stage].Parallel ? 0 : item.Number)
            )
        )
        {
            var around = new List<(Checkpoint Checkpoint, bool Begins)>();
            foreach (var item in together)
            {
                around.Add((await FindAsync(item.Before!, cancellationToken), true));
                around.Add((await FindAsync(item.After!, cancellationToken), false));
            }

            if (together.Count() > 1 && around.Chunk(2).Any(static pair => pair[1].Checkpoint.TakenAt < pair[0].Checkpoint.TakenAt))
            {
                throw new UserErrorException(
                    $"The clock was set back while steps of cycle {id} ran side by side, so which of them was first is "
                        + "not known, and the whole of it is not rolled back. Roll its steps back one by one, the last one first."
                );
            }

            found.AddRange(together.Count() > 1 ? around.OrderBy(static one => one.Checkpoint.TakenAt) : around);
        }

        return found.Count > 0
            ? found
            : throw new UserErrorException(
                $"No checkpoints were taken around {(run.CycleId is null ? "the steps of cycle" : "step")} "
                    + $"{id}{Why(cycle)}, so there is nothing to go back to."
            );
    }

    // What changed between two steps was not theirs: a person's at work beside the cycle, or a gate's. What others do between the two
    // checkpoints of one step cannot be told from its own.
    private async Task<IReadOnlySet<string>> ChangedBetweenAsync(
        string id,
        IReadOnlyList<(Checkpoint Checkpoint, bool Begins)> checkpoints,
        CancellationToken cancellationToken
    )
    {
        var others = new HashSet<string>(StringComparer.Ordinal);
        var working = 0;
        for (var index = 0; index < checkpoints.Count; index++)
        {
            if (working == 0 && index > 0)
            {
                var changes = await _checkpoints.ChangesAsync(
                    checkpoints[index - 1].Checkpoint,
                    checkpoints[index].Checkpoint,
                    cancellationToken
                );
                if (changes.Incomparable is not null || changes.FileCount > changes.Files.Count)
                {
                    throw new UserErrorException(
                        $"What was changed between the steps of cycle {id} by others is not known for sure "
                            + $"({changes.Incomparable ?? $"{changes.FileCount} files, and {ChangeSet.MaxFiles} are listed at most"}"
                            + "), so the whole of it is not rolled back. Roll its steps back one by one, the last one first."
                    );
                }

                others.UnionWith(changes.Files.Select(static file => file.Path).Concat(changes.Unknown));
            }

            working += checkpoints[index].Begins ? 1 : -1;
        }

        return others;
    }

    private async Task<Checkpoint> FindAsync(string name, CancellationToken cancellationToken) =>
        await _checkpoints.FindAsync(name, cancellationToken)
        ?? throw new UserErrorException(
            $"The checkpoint {name} is gone: old ones are removed, or somebody deleted its ref. There is nothing to go back to."
        );

    private static string Why(Cycle cycle) =>
        cycle.Items.FirstOrDefault(static item => item.NoCheckpoint is not null) is { NoCheckpoint: { } why } ? $" ({why})" : "";
}
