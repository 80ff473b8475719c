using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Checkpoints of a workspace: how its files were at a moment, what changed from one to another, and the way back. The user's index, HEAD,
/// branches, stash and reflogs are never touched, and neither are files that git ignores. Safe for many threads and processes. Every
/// failure
/// is a <see cref="UserErrorException"/>. Asks git, so use it only where the workspace is trusted.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="time">The clock of names and ages.</param>
internal sealed class CheckpointStore(WorkspacePaths paths, TimeProvider time)
{
    /// <summary>Takes a checkpoint. One that has the name already is replaced.</summary>
    /// <param name="name">
    /// Such as <c>run-…/before</c>: letters, digits, <c>-</c>, <c>_</c>, <c>.</c>, and <c>/</c> between segments; at most 200 characters.
    /// </param>
    /// <param name="cancellationToken">Ends the call; nothing is left of it but objects that git's own clean-up removes.</param>
    /// <returns>The checkpoint; it is on disk.</returns>
    public Task<Checkpoint> TakeAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckpointName.Check(name);
        return ExplainFailureAsync($"The checkpoint {name} could not be taken", async () =>
            await OpenAsync(cancellationToken) is { } git
                ? await git.TakeAsync(name, [], cancellationToken)
                : await Files.TakeAsync(name, cancellationToken)
        );
    }

    /// <summary>The checkpoint of a name; <see langword="null"/> where there is none (any more).</summary>
    public Task<Checkpoint?> FindAsync(string name, CancellationToken cancellationToken = default)
    {
        CheckpointName.Check(name);
        return ExplainFailureAsync($"The checkpoint {name} could not be looked for", async () =>
            (await OpenAsync(cancellationToken) is { } git ? await git.FindAsync(name, cancellationToken) : null) ?? Files.Find(name)
        );
    }

    /// <summary>What changed from one checkpoint to another. Nothing is written.</summary>
    /// <exception cref="UserErrorException">One of them was removed, or git failed.</exception>
    public Task<ChangeSet> ChangesAsync(Checkpoint before, Checkpoint after, CancellationToken cancellationToken = default) =>
        ExplainFailureAsync($"The checkpoints {before.Name} and {after.Name} could not be compared", async () =>
            (before.Kind, after.Kind) switch
            {
                (CheckpointKind.Git, CheckpointKind.Git) => await (await OpenGitAsync(cancellationToken)).ChangesAsync(
                    before,
                    after,
                    cancellationToken
                ),
                (CheckpointKind.Files, CheckpointKind.Files) => Files.Changes(before, after),
                _ => new ChangeSet
                {
                    Incomparable = "One checkpoint was taken with git and the other without, so what changed in between is not known.",
                },
            }
        );

    /// <summary>What a rollback would do. Nothing is written.</summary>
    /// <param name="before">The checkpoint to go back to: before a step, or before the first step of a cycle.</param>
    /// <param name="after">
    /// The checkpoint behind it: after that step, or after the last step of the cycle. Files that are not so any more are conflicts.
    /// </param>
    /// <param name="withOwnFiles">
    /// Also for time log, memory and plan, which are left alone by default because the server writes to them as well.
    /// </param>
    /// <exception cref="UserErrorException">A checkpoint was removed, the two are of different kinds, or git failed.</exception>
    public Task<RollbackPlan> PlanAsync(
        Checkpoint before,
        Checkpoint after,
        bool withOwnFiles = false,
        CancellationToken cancellationToken = default
    ) =>
        ExplainFailureAsync($"The way back to the checkpoint {before.Name} could not be planned", async () =>
            (before.Kind, after.Kind) switch
            {
                (CheckpointKind.Git, CheckpointKind.Git) => await (await OpenGitAsync(cancellationToken)).PlanAsync(
                    before,
                    after,
                    withOwnFiles,
                    cancellationToken
                ),
                (CheckpointKind.Files, CheckpointKind.Files) => Files.Plan(before, after, withOwnFiles),
                _ => throw new UserErrorException(
                    "One checkpoint was taken with git and the other without, so there is no way back from one to the "
                        + "other. Bring the files back by hand."
                ),
            }
        );

    /// <summary>
    /// Carries a plan out: takes a checkpoint of the present, looks at everything anew, changes the files one by one, and looks whether
    /// they are
    /// as they should be. A call that ended in between may be repeated; it goes on where the other stopped.
    /// </summary>
    /// <param name="plan">The plan.</param>
    /// <param name="skipConflicts">Leave files alone that somebody has changed since, instead of refusing.</param>
    /// <param name="cancellationToken">Heeded until the first file is changed.</param>
    /// <exception cref="UserErrorException">
    /// There are conflicts and they are not to be left alone, or it could not be begun; nothing was changed.
    /// </exception>
    public Task<RollbackResult> ApplyAsync(RollbackPlan plan, bool skipConflicts = false, CancellationToken cancellationToken = default) =>
        ExplainFailureAsync($"The rollback to the checkpoint {plan.Before.Name} did not come to its end", async () =>
            plan.Before.Kind == CheckpointKind.Git
                ? await (await OpenGitAsync(cancellationToken)).ApplyAsync(plan, skipConflicts, cancellationToken)
                : await Files.ApplyAsync(plan, skipConflicts, cancellationToken)
        );

    /// <summary>
    /// Removes checkpoints of this workspace that are too old, and the oldest where there are too many, and what killed processes left.
    /// </summary>
    /// <param name="maxAge">Older ones go.</param>
    /// <param name="maxCount">So many of the newest stay.</param>
    /// <param name="keeps">Those of these names stay in any case.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>How many were removed.</returns>
    public Task<int> PruneAsync(TimeSpan maxAge, int maxCount, Func<string, bool> keeps, CancellationToken cancellationToken = default) =>
        ExplainFailureAsync("Old checkpoints could not be removed", async () =>
        {
            if (!Directory.Exists(paths.Checkpoints))
            {
                return 0;
            }

            ScratchFolder.Sweep(paths);
            var files = await Files.PruneAsync(maxAge, maxCount, keeps, cancellationToken);
            return files
                + (await OpenAsync(cancellationToken) is { } git ? await git.PruneAsync(maxAge, maxCount, keeps, cancellationToken) : 0);
        });

    private FileCheckpoints Files => new(paths, time);

    private async Task<GitCheckpoints?> OpenAsync(CancellationToken cancellationToken) =>
        await WorkspaceRepository.OpenAsync(paths, time, cancellationToken) is { } repository
            ? new GitCheckpoints(paths, repository, time)
            : null;

    private async Task<GitCheckpoints> OpenGitAsync(CancellationToken cancellationToken) =>
        await OpenAsync(cancellationToken)
        ?? throw new UserErrorException(
            $"The checkpoint was taken with git, and {paths.Root} is no git work tree any more, or git is not on PATH. "
                + "Nothing was changed. Put the repository back, then repeat the call."
        );

    private Task<T> ExplainFailureAsync<T>(string what, Func<Task<T>> work) => GitFailure.ExplainFailureAsync(paths, what, work);
}
