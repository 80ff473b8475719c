using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Plans how the files of a work tree get from one known state to another, where only files differ that are still in the first.
/// </summary>
/// <param name="repository">The folder that looks at the work tree.</param>
/// <param name="scratch">For temporary files.</param>
internal sealed class WorkTreePlanner(SnapshotRepository repository, ScratchFolder scratch)
{
    private readonly RawFiles _files = new(repository.User.Root);
    private readonly WorkTreeComparison _comparison = new(repository, scratch);

    /// <summary>Plans.</summary>
    /// <param name="expected">The state that files are in if nobody touched them since.</param>
    /// <param name="target">The state to bring them to.</param>
    /// <param name="withOwnFiles">Also for the files that we write to ourselves.</param>
    /// <returns>An item for each path at which the two states differ.</returns>
    /// <exception cref="GitException">A state is not there any more, or git failed.</exception>
    public async Task<IReadOnlyList<RollbackItem>> PlanAsync(
        Snapshot expected,
        Snapshot target,
        bool withOwnFiles,
        CancellationToken cancellationToken
    )
    {
        var changes = await TreeChange.ListAsync(repository, expected.Tree, target.Tree, cancellationToken);
        var items = changes.Select(change => First(change, expected.Notes, target.Notes, withOwnFiles)).ToList();
        var open = items.Where(static item => item.Action != RollbackAction.Left).ToList();
        var notExpected = await _comparison.DifferingAsync(
            [.. open.Select(static item => item.Expected).OfType<TreeEntry>()],
            cancellationToken
        );
        var moved = open.Where(item =>
                item.Expected is null ? _files.At(item.Name) != RawFiles.Kind.Nothing : notExpected.Contains(item.Name)
            )
            .Select(static item => item.Name)
            .ToHashSet();
        var notTarget = await _comparison.DifferingAsync(
            [.. open.Where(item => moved.Contains(item.Name)).Select(static item => item.Target).OfType<TreeEntry>()],
            cancellationToken
        );
        var judged = items.ConvertAll(item =>
            item.Action == RollbackAction.Left || !moved.Contains(item.Name) ? item : Moved(item, notTarget)
        );
        return Unobstructed(judged, await FoldersInTheWayAsync(judged, cancellationToken));
    }

    private RollbackItem First(TreeChange change, CheckpointNotes expected, CheckpointNotes target, bool withOwnFiles)
    {
        var path = change.Path.Below(repository.Prefix);
        var item = new RollbackItem(path.Display, change.To is null ? RollbackAction.Remove : RollbackAction.Restore)
        {
            Name = change.Path,
            Expected = change.From,
            Target = change.To,
        };
        return change switch
        {
            { IsRepository: true } => Left(item, "it is a repository of its own"),
            _ when (change.From is null && expected.Sparse.Contains(change.Path.Raw))
                    || (change.To is null && target.Sparse.Contains(change.Path.Raw)) => Left(item, RollbackItem.SparseReason),
            { To: null } when target.IsUnknown(change.Path) => Left(
                item,
                "it was ignored by git or unreadable before, so nobody can say whether the run made it"
            ),
            { From: null } when expected.IsUnknown(change.Path) && _files.At(change.Path) != RawFiles.Kind.Nothing => item with
            {
                Action = RollbackAction.Conflict,
                Reason = "it was ignored by git or unreadable after the run, so nobody can say who changed it",
            },
            _ when !withOwnFiles && OwnFiles.IsWritten(path.Display) => Left(item, RollbackItem.OwnReason),
            _ => item,
        };
    }

    // The file is not what was expected: it may be at its end already, be gone, or have got another content.
    private RollbackItem Moved(RollbackItem item, IReadOnlySet<PathName> notTarget)
    {
        var isThere = _files.At(item.Name) != RawFiles.Kind.Nothing;
        if (item.Target is null ? !isThere : isThere && !notTarget.Contains(item.Name))
        {
            return item with { Action = RollbackAction.AlreadySo, Reason = null };
        }

        // What is not there cannot be lost.
        return !isThere
            ? item with
            {
                Action = RollbackAction.Restore,
            }
            : item with
            {
                Action = RollbackAction.Conflict,
                Reason = item.Reason
                    ?? (item.Expected is null ? "the run deleted it, and somebody made it anew" : RollbackItem.ChangedReason),
                IsChangedSince = item is { Reason: null, Expected: not null },
            };
    }

    // Folders that stand where a file belongs, with what is in them that will not be removed.
    private async Task<IReadOnlySet<PathName>> FoldersInTheWayAsync(List<RollbackItem> items, CancellationToken cancellationToken)
    {
        var removed = items.Where(static item => item.Action == RollbackAction.Remove).Select(static item => item.Name).ToHashSet();
        var blocked = new HashSet<PathName>();
        foreach (
            var folder in items
                .Where(item =>
                    item.Action is RollbackAction.Restore or RollbackAction.Conflict && _files.At(item.Name) == RawFiles.Kind.Folder
                )
                .Select(static item => item.Name)
        )
        {
            var inside = await repository.RunAsync(
                scratch.File("nothing"),
                ["ls-files", "-z", "-o", "--full-name", "--", $":(literal,top){folder.Text ?? "."}"],
                cancellationToken: cancellationToken
            );
            if (folder.Text is null || PathName.List(inside.Output).Any(path => !removed.Contains(path)))
            {
                blocked.Add(folder);
            }
        }

        return blocked;
    }

    private List<RollbackItem> Unobstructed(List<RollbackItem> items, IReadOnlySet<PathName> blocked)
    {
        var removed = items.Where(static item => item.Action == RollbackAction.Remove).Select(static item => item.Name).ToHashSet();
        return items.ConvertAll(item =>
        {
            var isToWrite = item.Action is RollbackAction.Restore or RollbackAction.Conflict && item.Target is not null;
            if (isToWrite && blocked.Contains(item.Name))
            {
                return item with
                {
                    Action = RollbackAction.Conflict,
                    Reason = "a folder is in its place, and holds what the run did not leave there",
                };
            }

            if (isToWrite && _files.At(item.Name) == RawFiles.Kind.Folder)
            {
                return item with { Action = RollbackAction.Restore, Reason = null };
            }

            return item.Action == RollbackAction.Restore && _files.Obstacle(item.Name) is { } obstacle && !removed.Contains(obstacle)
                ? item with
                {
                    Action = RollbackAction.Conflict,
                    Reason = $"{obstacle.Below(repository.Prefix).Display} is in the way",
                }
                : item;
        });
    }

    private static RollbackItem Left(RollbackItem item, string reason) => item with { Action = RollbackAction.Left, Reason = reason };
}
