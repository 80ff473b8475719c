using System.Text;
using LoopOrchestrator.Core.Checkpoints.References;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Work trees for single steps, below <c>.loop/worktrees/</c>. Each begins as the workspace is, with what is not committed and without what
/// git ignores. A step's changes land in the workspace all together or not at all. Safe for many threads and processes as long as each work
/// tree has one owner. Asks git, so use it only where the workspace is trusted. Every failure is a <see cref="UserErrorException"/>.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="time">The clock of names.</param>
internal sealed class StepWorktrees(WorkspacePaths paths, TimeProvider time)
{
    private const string References = "refs/loop/worktrees/";

    /// <summary>Makes one. A left-over of the same id is removed first.</summary>
    /// <param name="id">Letters, digits, <c>-</c>, <c>_</c> and <c>.</c>; such as a run's id.</param>
    /// <param name="cancellationToken">Ends the call; what it has begun is for <see cref="SweepAsync"/>.</param>
    public Task<StepWorktree> CreateAsync(string id, CancellationToken cancellationToken = default)
    {
        CheckId(id);
        return ExplainFailureAsync($"The work tree {id} could not be made", async () =>
        {
            var repository = await OpenAsync(toWrite: true, cancellationToken);
            GuardedFolder.Create(paths.Worktrees);
            await RemoveAsync(repository, id);
            using var scratch = ScratchFolder.Create(paths);
            var snapshot = await new SnapshotTaker(repository, repository.KeptIndex, time).TakeAsync(
                scratch,
                cancellationToken: cancellationToken
            );
            var commits = new CheckpointCommits(paths, repository);
            var user = repository.User.Places?.Head;
            var head = await commits.CommitAsync(
                await UncommittedAsync(repository, snapshot, scratch, cancellationToken),
                "What was not committed when the step began\n",
                user is null ? [] : [user],
                time.GetUtcNow(),
                cancellationToken
            );
            return await MakeAsync(repository, id, snapshot, head, scratch, cancellationToken);
        });
    }

    /// <summary>Makes one as another was at first, whatever became of that and of the workspace. A left-over is removed first.</summary>
    public Task<StepWorktree> CreateAsBeforeAsync(string id, StepWorktree other, CancellationToken cancellationToken = default)
    {
        CheckId(id);
        return ExplainFailureAsync($"The work tree {id} could not be made", async () =>
        {
            var repository = await OpenAsync(toWrite: true, cancellationToken);
            await RemoveAsync(repository, id);
            using var scratch = ScratchFolder.Create(paths);
            var snapshot = await new CheckpointCommits(paths, repository).ReadAsync(other.BaseId, cancellationToken);
            return await MakeAsync(repository, id, snapshot, other.Head, scratch, cancellationToken);
        });
    }

    private async Task<StepWorktree> MakeAsync(
        SnapshotRepository repository,
        string id,
        Snapshot snapshot,
        string head,
        ScratchFolder scratch,
        CancellationToken cancellationToken
    )
    {
        // Kept first, so that whatever happens next is found by its reference.
        var commits = new CheckpointCommits(paths, repository);
        var kept = await commits.KeepAsync(References + id, snapshot, head, time.GetUtcNow(), scratch, cancellationToken);
        var worktree = Made(repository, id, kept, head);
        await repository.User.RunAsync(
            ["worktree", "add", "--detach", "--no-checkout", worktree.Top, head],
            cancellationToken: cancellationToken
        );
        await FillAsync(repository, worktree, snapshot, scratch, cancellationToken);

        // Last: one that a crash left half full must not be taken for one whose step deleted the rest.
        DurableFile.Replace(ReadyMark(id), Encoding.ASCII.GetBytes(kept));
        return worktree;
    }

    /// <summary>The work tree of an id; <see langword="null"/> where there is none, or only half of one.</summary>
    public Task<StepWorktree?> FindAsync(string id, CancellationToken cancellationToken = default)
    {
        CheckId(id);
        return ExplainFailureAsync($"The work tree {id} could not be looked for", async () =>
        {
            var repository = await OpenAsync(toWrite: false, cancellationToken);
            var listed = await new CheckpointCommits(paths, repository).ListAsync([References + id], cancellationToken);
            return
                listed.SingleOrDefault(one => one.Reference == References + id) is { Head: { } head } found
                && IsReady(id, found.Commit)
                && Directory.Exists(Made(repository, id, found.Commit, head).Folder)
                ? Made(repository, id, found.Commit, head)
                : null;
        });
    }

    /// <summary>What the step has changed so far.</summary>
    public Task<ChangeSet> ChangesAsync(StepWorktree worktree, CancellationToken cancellationToken = default) =>
        ExplainFailureAsync($"The changes in the work tree {worktree.Id} could not be told", async () =>
        {
            var repository = await OpenAsync(toWrite: true, cancellationToken);
            using var scratch = ScratchFolder.Create(paths);
            var own = await OwnAsync(worktree, cancellationToken);
            var (start, present) = await StatesAsync(repository, worktree, own, scratch, cancellationToken);
            var changes = await TreeChange.ListAsync(repository, start.Tree, present.Tree, cancellationToken);
            var (commits, count) = await CommitsAsync(repository, worktree, own, cancellationToken);
            return Evidence.Of(
                [.. changes.Where(static change => !change.IsRepository)],
                start.Notes,
                present.Notes,
                repository.Prefix
            ) with
            {
                Commits = commits,
                CommitCount = count,
            };
        });

    /// <summary>
    /// Brings what the step changed into the workspace's files, all or nothing: not where a file has changed in the workspace too. A call
    /// that was killed in between may be repeated; it goes on where the other stopped. Index, HEAD and branches of the user stay as they
    /// are.
    /// </summary>
    /// <param name="cancellationToken">Heeded until the first file is changed.</param>
    public Task<LandResult> LandAsync(StepWorktree worktree, CancellationToken cancellationToken = default) =>
        ExplainFailureAsync($"The work tree {worktree.Id} could not be landed", async () =>
        {
            var repository = await OpenAsync(toWrite: true, cancellationToken);
            using var scratch = ScratchFolder.Create(paths);
            var own = await OwnAsync(worktree, cancellationToken);
            var (start, present) = await StatesAsync(repository, worktree, own, scratch, cancellationToken);
            var (commits, _) = await CommitsAsync(repository, worktree, own, cancellationToken);
            var planner = new WorkTreePlanner(repository, scratch);
            var plan = await planner.PlanAsync(start, present, withOwnFiles: false, cancellationToken);
            var notLanded = plan.Where(static item => item.Action == RollbackAction.Left).ToList();
            var conflicts = plan.Where(static item => item.Action == RollbackAction.Conflict).ToList();
            var changes = plan.Where(IsChange).ToList();
            if (conflicts.Count > 0 || changes.Count == 0)
            {
                return new LandResult(conflicts.Count == 0, [], [.. conflicts.Select(InWorkspace)], notLanded, commits, null);
            }

            var safety = await new GitCheckpoints(paths, repository, time).TakeAsync(
                CheckpointName.Stamped("landing/" + worktree.Id, time.GetUtcNow()),
                [.. changes.Select(static item => item.Name)],
                isJustFound: false,
                cancellationToken
            );
            var failed = await new WorkTreeWriter(repository, scratch).WriteAsync(changes, present.Notes, cancellationToken);
            if (failed.Count == 0)
            {
                return new LandResult(true, changes, [], notLanded, commits, safety);
            }

            var names = changes.Select(static item => item.Name).ToHashSet();
            var back = (await planner.PlanAsync(present, start, withOwnFiles: false, CancellationToken.None))
                .Where(item => IsChange(item) && names.Contains(item.Name))
                .ToList();
            using var another = ScratchFolder.Create(paths);
            var stuck = await new WorkTreeWriter(repository, another).WriteAsync(back, start.Notes, CancellationToken.None);
            return new LandResult(false, [], [.. failed, .. stuck], notLanded, commits, safety);
        });

    /// <summary>Keeps what git ignores and the step made, before the tree is removed.</summary>
    /// <param name="target">Where it is kept.</param>
    /// <returns>What was left behind, as half a sentence; <see langword="null"/> where there is nothing.</returns>
    public Task<string?> KeepLeftAsync(StepWorktree worktree, string target, CancellationToken cancellationToken = default) =>
        ExplainFailureAsync($"What was left in the work tree {worktree.Id} could not be kept", async () =>
            await new LeftFiles(paths, await OwnAsync(worktree, cancellationToken), target).KeepAsync(cancellationToken)
        );

    /// <summary>Removes one with everything in it, however much of it there is. What has not landed is lost.</summary>
    public Task RemoveAsync(string id, CancellationToken cancellationToken = default)
    {
        CheckId(id);
        return ExplainFailureAsync($"The work tree {id} could not be removed", async () =>
        {
            await RemoveAsync(await OpenAsync(toWrite: false, cancellationToken), id);
            return true;
        });
    }

    /// <summary>Removes those that crashes left.</summary>
    /// <param name="keepIds">The ids of work trees that are in use.</param>
    /// <param name="cancellationToken">Ends the call between two of them.</param>
    /// <returns>How many were removed.</returns>
    public Task<int> SweepAsync(IReadOnlySet<string> keepIds, CancellationToken cancellationToken = default) =>
        ExplainFailureAsync("Left-over work trees could not be removed", async () =>
        {
            if (
                !Directory.Exists(paths.Worktrees)
                || (await WorkspaceRepository.OpenAsync(paths, time, toWrite: false, cancellationToken)).Repository is not { } repository
            )
            {
                return 0;
            }

            var listed = await new CheckpointCommits(paths, repository).ListAsync([References], cancellationToken);
            var old = GuardedFolder
                .Folders(paths.Worktrees)
                .Select(static folder => Path.GetFileName(folder))
                .Union(listed.Select(static one => one.Reference[References.Length..]), StringComparer.Ordinal)
                .Where(id => CheckpointName.IsSegment(id) && !keepIds.Contains(id))
                .ToList();
            foreach (var id in old)
            {
                cancellationToken.ThrowIfCancellationRequested();
                await RemoveAsync(repository, id);
            }

            return old.Count;
        });

    private static bool IsChange(RollbackItem item) => item.Action is RollbackAction.Restore or RollbackAction.Remove;

    private static RollbackItem InWorkspace(RollbackItem item) =>
        item.IsChangedSince ? item with { Reason = "it has changed in the workspace too since the step began" } : item;

    private static void CheckId(string id)
    {
        if (!CheckpointName.IsSegment(id))
        {
            throw new ArgumentException(
                $"'{id}' cannot be the id of a work tree: it may have letters, digits, '-', '_' and '.'",
                nameof(id)
            );
        }
    }

    private StepWorktree Made(SnapshotRepository repository, string id, string commit, string head)
    {
        var top = Path.Combine(paths.Worktrees, id);
        return new StepWorktree(id, Path.Combine(top, repository.Prefix.Text ?? ""), top, commit, head);
    }

    // A tree of everything as git would commit it now: for the step's own git, which must find nothing to commit at first. The files
    // themselves come from the snapshot, byte for byte.
    private static async Task<string> UncommittedAsync(
        SnapshotRepository repository,
        Snapshot snapshot,
        ScratchFolder scratch,
        CancellationToken cancellationToken
    )
    {
        var index = scratch.File("uncommitted");
        SnapshotTaker.CopyIndex(Path.Combine(repository.User.GitFolder, "index"), index);
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GIT_INDEX_FILE"] = index,
            ["GIT_LITERAL_PATHSPECS"] = "0",
        };

        // Of a repository within, git add would ask a git of its own, with what is configured there; which commit it is at is taken over
        // apart.
        var top = repository.User.In(repository.User.Root, repository.User.GitFolder);
        var listed = await top.RunAsync(["ls-files", "-s", "-z"], environment, cancellationToken: cancellationToken);
        var within = SnapshotTaker.Repositories(listed.Output);
        if (within.Any(static path => path.Text is null))
        {
            throw new GitException("a repository within has a name that is not UTF-8");
        }

        var added = await repository.User.TryRunAsync(
            [
                "-c",
                "core.splitIndex=false",
                "-c",
                "advice.addEmbeddedRepo=false",
                "add",
                "-A",
                "--ignore-errors",
                "--",
                ":/",
                .. SnapshotTaker.NotOurs,
                .. within.Select(static path => $":(exclude,top,literal){path.Text}"),
            ],
            environment,
            cancellationToken: cancellationToken
        );
        if (PathName.Input(within) is { Length: > 0 } taken)
        {
            await top.TryRunAsync(["update-index", "--add", "--remove", "-z", "--stdin"], environment, taken, cancellationToken);
        }

        if (added.ExitCode is 0 or 1)
        {
            return (await repository.User.RunAsync(["write-tree"], environment, cancellationToken: cancellationToken)).Text;
        }

        // What is in the files will do; the step's git may show them as changed.
        return repository.User.IsTop
            ? snapshot.Tree
            : throw new GitException($"git add ended with exit code {added.ExitCode}: {added.Error.Trim()}");
    }

    private async Task FillAsync(
        SnapshotRepository repository,
        StepWorktree worktree,
        Snapshot snapshot,
        ScratchFolder scratch,
        CancellationToken cancellationToken
    )
    {
        var index = scratch.File("filled");
        await repository.RunAsync(index, ["read-tree", snapshot.Tree], cancellationToken: cancellationToken);
        await repository.RunAsync(index, ["checkout-index", "-a", "-f", $"--prefix={worktree.Top}/"], cancellationToken: cancellationToken);
        foreach (var (path, mode) in snapshot.Notes.Permissions)
        {
            new RawFiles(worktree.Top).SetMode(path, mode);
        }

        // What lies outside the workspace's folder comes from the commit; what is there already stays.
        var own = await OwnAsync(worktree, cancellationToken);
        await own.RunAsync(["read-tree", "HEAD"], cancellationToken: cancellationToken);
        if (PathName.Input(snapshot.Notes.Sparse.Select(static path => new PathName(path))) is { Length: > 0 } sparse)
        {
            // What the user's sparse checkout leaves out is not deleted here either.
            await own.In(worktree.Top, own.GitFolder)
                .TryRunAsync(["update-index", "--skip-worktree", "-z", "--stdin"], input: sparse, cancellationToken: cancellationToken);
        }

        if (!repository.User.IsTop)
        {
            await own.In(worktree.Top, own.GitFolder).TryRunAsync(["checkout-index", "-a", "-q"], cancellationToken: cancellationToken);
        }

        await own.TryRunAsync(["update-index", "-q", "--refresh"], cancellationToken: cancellationToken);
    }

    private async Task<(Snapshot Start, Snapshot Present)> StatesAsync(
        SnapshotRepository repository,
        StepWorktree worktree,
        GitRepository own,
        ScratchFolder scratch,
        CancellationToken cancellationToken
    )
    {
        var start = await new CheckpointCommits(paths, repository).ReadAsync(worktree.BaseId, cancellationToken);

        // What differed above the workspace is committed in the tree.
        start = start with { Notes = start.Notes with { Above = CheckpointNotes.None.Above, IsAboveUnknown = false } };
        var there = repository.At(own);
        var taker = new SnapshotTaker(there, KeptIndex(worktree.Id), time);
        return (start, await taker.TakeAsync(scratch, cancellationToken: cancellationToken));
    }

    private static Task<(IReadOnlyList<CommitLine> Commits, int Count)> CommitsAsync(
        SnapshotRepository repository,
        StepWorktree worktree,
        GitRepository own,
        CancellationToken cancellationToken
    ) => new CommitList(repository.User).BetweenAsync(worktree.Head, own.Places?.Head, cancellationToken);

    // Whoever works there can break its link to the repository; git would then take the workspace itself for the work tree.
    private async Task<GitRepository> OwnAsync(StepWorktree worktree, CancellationToken cancellationToken)
    {
        var found = Directory.Exists(worktree.Folder)
            ? (await GitRepository.FindAsync(worktree.Folder, time, cancellationToken)).Repository
            : null;
        return found is not null && RealPath.Of(found.Root) == RealPath.Of(worktree.Top)
            ? found
            : throw new UserErrorException(
                $"{worktree.Top} is no git work tree any more, so what the step changed there cannot be told. Nothing was "
                    + "changed. Look at the folder by hand."
            );
    }

    private bool IsReady(string id, string commit) =>
        DurableFile.ReadOrNull(ReadyMark(id)) is { } mark && Encoding.ASCII.GetString(mark) == commit;

    private string ReadyMark(string id) => Path.Combine(paths.Worktrees, id + ".ready");

    private string KeptIndex(string id) => Path.Combine(paths.Worktrees, id + ".index");

    private async Task RemoveAsync(SnapshotRepository repository, string id)
    {
        if (!Directory.Exists(paths.Worktrees))
        {
            return;
        }

        var top = Path.Combine(paths.Worktrees, id);
        WorkspaceBounds.Check(paths, top);
        GuardedFile.Delete(ReadyMark(id));
        await repository.User.TryRunAsync(["worktree", "remove", "--force", "--force", top]);
        if (Directory.Exists(top))
        {
            // Its link to the repository is broken. Without the folder git removes its own part.
            GuardedFolder.Delete(top);
            await repository.User.TryRunAsync(["worktree", "remove", "--force", "--force", top]);
        }

        GuardedFile.Delete(KeptIndex(id));
        await repository.User.TryRunAsync(["update-ref", "--no-deref", "-d", References + id]);
    }

    private async Task<SnapshotRepository> OpenAsync(bool toWrite, CancellationToken cancellationToken)
    {
        var found = await WorkspaceRepository.OpenAsync(paths, time, toWrite, cancellationToken);
        return found.Repository
            ?? throw new UserErrorException(
                $"No step can work in a work tree of its own in {paths.Root}: {found.Why}. Make it a repository (git init), or let "
                    + "the step work in the workspace itself."
            );
    }

    private Task<T> ExplainFailureAsync<T>(string what, Func<Task<T>> work) => GitFailure.ExplainFailureAsync(paths, what, work);
}
