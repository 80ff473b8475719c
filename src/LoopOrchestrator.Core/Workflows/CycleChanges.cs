using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>What a cycle has changed in the workspace so far, by the checkpoints around its steps.</summary>
public sealed class CycleChanges
{
    private readonly ICycleStore _cycles;
    private readonly IRunStore _runs;
    private readonly CheckpointStore _checkpoints;
    private readonly Redactor _redactor;

    internal CycleChanges(ICycleStore cycles, IRunStore runs, CheckpointStore checkpoints, Redactor redactor)
    {
        _redactor = redactor;
        _cycles = cycles;
        _runs = runs;
        _checkpoints = checkpoints;
    }

    /// <summary>
    /// The files that the cycle of a step has changed, by their paths below the workspace; <see langword="null"/> for a run that is no
    /// step.
    /// </summary>
    /// <exception cref="UserErrorException">It is not known, or they are more than can be listed.</exception>
    public async Task<IReadOnlySet<string>?> FilesAsync(string runId, CancellationToken cancellationToken = default)
    {
        if (
            !RunId.IsWellFormed(runId)
            || await _runs.FindAsync(runId, cancellationToken) is not { CycleId: { } id }
            || await _cycles.FindAsync(id, cancellationToken) is not { } cycle
        )
        {
            return null;
        }

        var files = new HashSet<string>(StringComparer.Ordinal);
        foreach (var item in cycle.Items.Where(static item => item is { WorkTree: null, Before: not null, After: not null }))
        {
            var changes = await _checkpoints.ChangesAsync(
                await FindAsync(item.Before!, cancellationToken),
                await FindAsync(item.After!, cancellationToken),
                cancellationToken
            );
            if (changes.Incomparable is not null || changes.FileCount > changes.Files.Count)
            {
                throw new UserErrorException(
                    $"Which files cycle {id} has changed is not known for sure "
                        + $"({changes.Incomparable ?? $"one step changed {changes.FileCount}, and {ChangeSet.MaxFiles} are listed at most"}"
                        + "). Commit them by hand: loop-orchestrator commit shows all that has changed."
                );
            }

            files.UnionWith(changes.Files.Select(static file => file.Path));
        }

        return files;
    }

    /// <summary>
    /// What a step has changed, line by line, without credentials; <see langword="null"/> for a run that is no step, and where its
    /// checkpoints were not taken with git or are gone.
    /// </summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="runId">The run of the step.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="UserErrorException">Git failed.</exception>
    public async Task<string?> PatchAsync(Cycle cycle, string runId, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(cycle);
        var step = cycle.Items.FirstOrDefault(item => item.RunId == runId);
        return
            step is { Before: { } from, After: { } to }
            && await _checkpoints.FindAsync(from, cancellationToken) is { } before
            && await _checkpoints.FindAsync(to, cancellationToken) is { } after
            && await _checkpoints.PatchAsync(before, after, cancellationToken) is { } patch
            ? _redactor.Redact(patch)
            : null;
    }

    private async Task<Checkpoint> FindAsync(string name, CancellationToken cancellationToken) =>
        await _checkpoints.FindAsync(name, cancellationToken)
        ?? throw new UserErrorException(
            $"The checkpoint {name} is gone, so it is not known which files its cycle has changed. Commit them by hand."
        );
}
