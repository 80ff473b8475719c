using LoopOrchestrator.Core.Checkpoints.References;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Checkpoints of a workspace in a git work tree; see <see cref="CheckpointStore"/> for what each call promises.</summary>
/// <param name="paths">The workspace.</param>
/// <param name="repository">The folder that looks at its work tree.</param>
/// <param name="time">The clock.</param>
/// <param name="mirror">Where each is kept a second time; nowhere where not given.</param>
internal sealed class GitCheckpoints(
    WorkspacePaths paths,
    SnapshotRepository repository,
    TimeProvider time,
    CheckpointMirror? mirror = null
)
{
    private readonly CheckpointCommits _commits = new(paths, repository);

    /// <summary>Takes one.</summary>
    /// <param name="also">Paths to take even where git ignores them.</param>
    /// <param name="isJustFound">Whether the repository was looked for in this moment, so that its HEAD is known.</param>
    /// <returns>It, with why it could not be kept a second time.</returns>
    public async Task<Checkpoint> TakeAsync(
        string name,
        IReadOnlyCollection<PathName> also,
        bool isJustFound,
        CancellationToken cancellationToken
    )
    {
        using var scratch = ScratchFolder.Create(paths);
        var now = time.GetUtcNow();
        var head = isJustFound ? Task.FromResult(repository.User.Places?.Head) : HeadAsync(cancellationToken);
        var snapshot = await new SnapshotTaker(repository, repository.KeptIndex, time).TakeAsync(scratch, also, cancellationToken);
        var commit = await _commits.KeepAsync(CheckpointName.References + name, snapshot, await head, now, scratch, cancellationToken);
        return new Checkpoint(name, Kind, commit, await head, now)
        {
            Lack = mirror is null ? null : await mirror.KeepAsync(repository, name, snapshot, now, scratch, cancellationToken),
        };
    }

    private CheckpointKind Kind => repository.User.IsOwn ? CheckpointKind.Own : CheckpointKind.Git;

    /// <summary>The checkpoint of a name.</summary>
    public async Task<Checkpoint?> FindAsync(string name, CancellationToken cancellationToken) =>
        (await FindAsync([name], cancellationToken))[0];

    /// <summary>The checkpoints of names, in their order; <see langword="null"/> in the place of one that is not there.</summary>
    public async Task<IReadOnlyList<Checkpoint?>> FindAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var listed = await _commits.ListAsync([.. names.Select(static name => CheckpointName.References + name)], cancellationToken);
        return
        [
            .. names.Select(name =>
                listed.FirstOrDefault(one => one.Reference == CheckpointName.References + name) is { } found
                    ? new Checkpoint(name, Kind, found.Commit, found.Head, found.TakenAt)
                    : null
            ),
        ];
    }

    /// <summary>Compares two.</summary>
    public async Task<ChangeSet> ChangesAsync(Checkpoint before, Checkpoint after, CancellationToken cancellationToken)
    {
        var (from, to) = await ReadAsync(before, after, cancellationToken);
        var changes = await TreeChange.ListAsync(repository, from.Tree, to.Tree, cancellationToken);
        var (commits, count) = await new CommitList(repository.User).BetweenAsync(before.Head, after.Head, cancellationToken);
        return Evidence.Of(changes, from.Notes, to.Notes, repository.Prefix) with { Commits = commits, CommitCount = count };
    }

    /// <summary>What differs between two, line by line.</summary>
    public async Task<string> PatchAsync(Checkpoint before, Checkpoint after, CancellationToken cancellationToken)
    {
        var (from, to) = await ReadAsync(before, after, cancellationToken);
        return await PatchText.ReadAsync(repository, from.Tree, to.Tree, cancellationToken);
    }

    /// <summary>Plans a rollback, in a repository that was looked for in this moment.</summary>
    public async Task<RollbackPlan> PlanAsync(Checkpoint before, Checkpoint after, bool withOwnFiles, CancellationToken cancellationToken)
    {
        var states = await ReadAsync(before, after, cancellationToken);
        return await PlanAsync(before, after, states, repository.User.Places?.Head, withOwnFiles, cancellationToken);
    }

    private async Task<RollbackPlan> PlanAsync(
        Checkpoint before,
        Checkpoint after,
        States states,
        string? head,
        bool withOwnFiles,
        CancellationToken cancellationToken
    )
    {
        using var scratch = ScratchFolder.Create(paths);
        var planner = new WorkTreePlanner(repository, scratch);
        var items = await planner.PlanAsync(states.After, states.Before, withOwnFiles, cancellationToken);
        var (commits, _) = await new CommitList(repository.User).BetweenAsync(before.Head, head, cancellationToken);
        return new RollbackPlan(before, after, items, withOwnFiles)
        {
            Commits = commits,
            NotCovered = Evidence.NotCovered(states.Before.Notes, states.After.Notes, repository.Prefix),
        };
    }

    /// <summary>Carries a plan out.</summary>
    public async Task<RollbackResult> ApplyAsync(RollbackPlan asked, bool skipConflicts, CancellationToken cancellationToken)
    {
        asked.RefuseConflicts(skipConflicts, paths);
        var safety = await TakeAsync(
            CheckpointName.Stamped("rollback/" + asked.Before.Name, time.GetUtcNow()),
            [.. asked.Items.Select(static item => item.Name)],
            isJustFound: true,
            cancellationToken
        );

        // Looked at anew: the plan may be old, and the files are another's as well. What the checkpoints hold stays as it is.
        var states = await ReadAsync(asked.Before, asked.After, cancellationToken);
        var head = await HeadAsync(cancellationToken);
        var plan = await PlanAsync(asked.Before, asked.After, states, head, asked.IncludesOwnFiles, cancellationToken);
        plan = plan.Sparing(asked.Spared);
        plan.RefuseConflicts(skipConflicts, paths);
        using var scratch = ScratchFolder.Create(paths);
        var restorer = await FolderRestorer.PrepareAsync(repository, states.After, states.Before, cancellationToken);
        var failed = await new WorkTreeWriter(repository, scratch).WriteAsync(plan.Items, states.Before.Notes, cancellationToken);
        var names = failed.Select(static item => item.Name).ToHashSet();
        var folders = restorer.Restore();
        return new RollbackResult(
            [.. plan.Items.Where(item => item.Action is RollbackAction.Restore or RollbackAction.Remove && !names.Contains(item.Name))],
            [.. plan.Items.Where(static item => item.Action is RollbackAction.Conflict or RollbackAction.Left), .. failed],
            failed,
            safety,
            plan.Commits
        )
        {
            NotCovered = [.. plan.NotCovered, .. folders],
        };
    }

    /// <summary>Removes old ones.</summary>
    /// <returns>How many were removed, and the newest of those that stay.</returns>
    public async Task<(int Removed, CheckpointReference? Newest)> PruneAsync(
        TimeSpan maxAge,
        int maxCount,
        Func<string, bool> keeps,
        CancellationToken cancellationToken
    )
    {
        var oldest = time.GetUtcNow() - maxAge;
        var all = (await _commits.ListAsync([CheckpointName.References], cancellationToken))
            .OrderByDescending(static one => one.TakenAt)
            .ToList();
        var removable = all.Where(
                (one, number) => (number >= maxCount || one.TakenAt < oldest) && !keeps(one.Reference[CheckpointName.References.Length..])
            )
            .ToHashSet();
        await RemoveAsync(repository.User, removable, cancellationToken);
        return (removable.Count, all.Find(one => !removable.Contains(one)));
    }

    /// <summary>Removes references, if they are still what was seen.</summary>
    public static async Task RemoveAsync(
        GitRepository user,
        IReadOnlyCollection<CheckpointReference> references,
        CancellationToken cancellationToken
    )
    {
        foreach (var one in references)
        {
            // One by one: another process may have removed the same one just now, which must not keep the others.
            await user.TryRunAsync(["update-ref", "--no-deref", "-d", one.Reference, one.Commit], cancellationToken: cancellationToken);
        }
    }

    private async Task<States> ReadAsync(Checkpoint before, Checkpoint after, CancellationToken cancellationToken) =>
        await _commits.ReadAsync([before.Id, after.Id], cancellationToken) is [var from, var to]
            ? new States(from, to)
            : throw new InvalidOperationException("two were asked for");

    private async Task<string?> HeadAsync(CancellationToken cancellationToken)
    {
        if (repository.User.IsOwn)
        {
            return null;
        }

        var head = await repository.User.TryRunAsync(
            ["rev-parse", "-q", "--verify", "HEAD^{commit}"],
            cancellationToken: cancellationToken
        );
        return head.Ok ? head.Text : null;
    }

    private sealed record States(Snapshot Before, Snapshot After);
}
