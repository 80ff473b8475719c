using LoopOrchestrator.Core.Checkpoints.References;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Checkpoints of a workspace: how its files were at a moment, what changed from one to another, and the way back. The user's index, HEAD,
/// branches, stash and reflogs are never touched, and neither are files that git ignores. Safe for many threads and processes. Every
/// failure
/// is a <see cref="UserErrorException"/>. Asks git, so use it only where the workspace is trusted.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="time">The clock of names and ages.</param>
/// <param name="maxCopiedBytes">How large a tree may be of which we keep copies of our own.</param>
internal sealed class CheckpointStore(WorkspacePaths paths, TimeProvider time, long maxCopiedBytes = CheckpointMirror.MaxBytes)
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
        {
            var found = await WorkspaceRepository.OpenAsync(paths, time, toWrite: true, cancellationToken);
            if (found.Repository is { } repository)
            {
                return await new GitCheckpoints(paths, repository, time, Mirror).TakeAsync(name, [], isJustFound: true, cancellationToken);
            }

            if (Mirror.Open(toWrite: true) is { } own && await Mirror.FitsAsync(own, cancellationToken))
            {
                var last = await Mirror.LastFilesAsync(own, cancellationToken);
                var copied = await new GitCheckpoints(paths, own, time).TakeAsync(name, last, isJustFound: true, cancellationToken);
                return copied with { Lack = LackOfCopies(found) };
            }

            return await Files.TakeAsync(name, cancellationToken) with
            {
                Lack =
                    $"no checkpoints: {found.Why}, and more than {CheckpointMirror.MaxBytes / 1_000_000} MB of files, or without git on "
                    + "PATH any, are not copied; only the loop's own files are kept, so what it changed is not known",
            };
        });
    }

    private static string? LackOfCopies(WorkspaceRepository found) =>
        found.Absence switch
        {
            GitAbsence.Lost => $"{found.Why}; its checkpoints are kept below .loop/checkpoints, and a rollback brings the files back",
            GitAbsence.Refused => $"{found.Why}; until then its checkpoints are copies of our own, without what is staged and commits",
            _ => null,
        };

    /// <summary>The checkpoint of a name; <see langword="null"/> where there is none (any more).</summary>
    public async Task<Checkpoint?> FindAsync(string name, CancellationToken cancellationToken = default) =>
        (await FindAsync([name], cancellationToken))[0];

    /// <summary>The checkpoints of names, in their order; <see langword="null"/> in the place of one that is not there.</summary>
    public Task<IReadOnlyList<Checkpoint?>> FindAsync(IReadOnlyList<string> names, CancellationToken cancellationToken = default)
    {
        foreach (var name in names)
        {
            CheckpointName.Check(name);
        }

        return ExplainFailureAsync<IReadOnlyList<Checkpoint?>>(
            $"The checkpoint {string.Join(" or ", names)} could not be looked for",
            async () =>
            {
                IReadOnlyList<Checkpoint?> found = await OpenAsync(toWrite: false, cancellationToken) is { } git
                    ? await git.FindAsync(names, cancellationToken)
                    : [.. names.Select(static _ => (Checkpoint?)null)];
                if (found.Contains(null))
                {
                    var copies = await FindCopiesAsync(names, cancellationToken);
                    found = [.. names.Select((name, at) => found[at] ?? copies?[at] ?? Files.Find(name))];
                }

                return found;
            }
        );
    }

    /// <summary>What changed from one checkpoint to another. Nothing is written.</summary>
    /// <exception cref="UserErrorException">One of them was removed, or git failed.</exception>
    public Task<ChangeSet> ChangesAsync(Checkpoint before, Checkpoint after, CancellationToken cancellationToken = default) =>
        ExplainFailureAsync($"The checkpoints {before.Name} and {after.Name} could not be compared", async () => (before.Kind, after.Kind)
                is (CheckpointKind.Files, CheckpointKind.Files)
                ? Files.Changes(before, after)
            : await InOnePlaceAsync(before, after, toWrite: false, cancellationToken) is { } found
                ? await found.Place.ChangesAsync(found.Before, found.After, cancellationToken)
            : new ChangeSet
            {
                Incomparable = "One checkpoint was taken with git and the other without, so what changed in between is not known.",
            });

    /// <summary>
    /// What changed from one to the other, line by line; <see langword="null"/> where they were not both taken with git.
    /// </summary>
    /// <exception cref="UserErrorException">A checkpoint was removed, or git failed.</exception>
    public Task<string?> PatchAsync(Checkpoint before, Checkpoint after, CancellationToken cancellationToken = default) =>
        ExplainFailureAsync($"The checkpoints {before.Name} and {after.Name} could not be compared", async () =>
            await InOnePlaceAsync(before, after, toWrite: false, cancellationToken) is { } found
                ? await found.Place.PatchAsync(found.Before, found.After, cancellationToken)
                : null
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
    ) => ExplainFailureAsync($"The way back to the checkpoint {before.Name} could not be planned", async () => (before.Kind, after.Kind)
                is (CheckpointKind.Files, CheckpointKind.Files)
                ? Files.Plan(before, after, withOwnFiles)
            : await InOnePlaceAsync(before, after, toWrite: true, cancellationToken) is { } found
                ? await found.Place.PlanAsync(found.Before, found.After, withOwnFiles, cancellationToken)
            : throw new UserErrorException(
                "One checkpoint was taken with git and the other without, so there is no way back from one to the "
                    + "other. Bring the files back by hand."
            ));

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
            plan.Before.Kind switch
            {
                CheckpointKind.Git => await (await OpenGitAsync(toWrite: true, cancellationToken)).ApplyAsync(
                    plan,
                    skipConflicts,
                    cancellationToken
                ),
                CheckpointKind.Own when OpenOwn() is { } own => await own.ApplyAsync(plan, skipConflicts, cancellationToken),
                CheckpointKind.Files => await Files.ApplyAsync(plan, skipConflicts, cancellationToken),
                _ => throw new UserErrorException(
                    $"The checkpoint is a copy below {paths.Checkpoints}, and that is not there any more, or git is not on PATH. "
                        + "Nothing was changed."
                ),
            }
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
            var removed = await Files.PruneAsync(maxAge, maxCount, keeps, cancellationToken);
            if (await OpenAsync(toWrite: false, cancellationToken) is { } git)
            {
                removed += (await git.PruneAsync(maxAge, maxCount, keeps, cancellationToken)).Removed;
            }

            // Last: joining the packs of the copies may take long, and be given up.
            await Mirror.PruneAsync(maxAge, maxCount, keeps, cancellationToken);
            return removed;
        });

    private FileCheckpoints Files => new(paths, time);

    private CheckpointMirror Mirror => new(paths, time, maxCopiedBytes);

    private async Task<GitCheckpoints?> OpenAsync(bool toWrite, CancellationToken cancellationToken) =>
        (await WorkspaceRepository.OpenAsync(paths, time, toWrite, cancellationToken)).Repository is { } repository
            ? new GitCheckpoints(paths, repository, time, Mirror)
            : null;

    private GitCheckpoints? OpenOwn() => Mirror.Open(toWrite: false) is { } own ? new GitCheckpoints(paths, own, time) : null;

    // A damaged second copy must not take away what the first one has, or say that there is none.
    private async Task<IReadOnlyList<Checkpoint?>?> FindCopiesAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        try
        {
            return OpenOwn() is { } own ? await own.FindAsync(names, cancellationToken) : null;
        }
        catch (Exception exception) when (exception is GitException or IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    // Two of the user's repository are compared there. Where one of them is ours, its companion is there as a copy.
    private async Task<SharedPlace?> InOnePlaceAsync(Checkpoint before, Checkpoint after, bool toWrite, CancellationToken cancellationToken)
    {
        if ((before.Kind, after.Kind) is (CheckpointKind.Git, CheckpointKind.Git))
        {
            return new SharedPlace(await OpenGitAsync(toWrite, cancellationToken), before, after);
        }

        return
            before.Kind != CheckpointKind.Files
            && after.Kind != CheckpointKind.Files
            && OpenOwn() is { } own
            && await own.FindAsync([before.Name, after.Name], cancellationToken) is [{ } from, { } to]
            ? new SharedPlace(own, from, to)
            : null;
    }

    private async Task<GitCheckpoints> OpenGitAsync(bool toWrite, CancellationToken cancellationToken) =>
        await OpenAsync(toWrite, cancellationToken)
        ?? throw new UserErrorException(
            $"The checkpoint was taken with git, and {paths.Root} is no git work tree any more, or git is not on PATH. "
                + "Nothing was changed. Put the repository back, then repeat the call."
        );

    private Task<T> ExplainFailureAsync<T>(string what, Func<Task<T>> work) => GitFailure.ExplainFailureAsync(paths, what, work);

    private sealed record SharedPlace(GitCheckpoints Place, Checkpoint Before, Checkpoint After);
}
