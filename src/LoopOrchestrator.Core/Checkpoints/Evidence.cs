namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Makes of differing trees what people and rules go by.</summary>
internal static class Evidence
{
    /// <summary>Counts and lists.</summary>
    /// <param name="changes">All changes, by path.</param>
    /// <param name="from">What the first checkpoint has noted.</param>
    /// <param name="to">What the second has noted.</param>
    /// <param name="prefix">The workspace's folder below the top of the work tree.</param>
    public static ChangeSet Of(IReadOnlyList<TreeChange> changes, CheckpointNotes from, CheckpointNotes to, PathName prefix)
    {
        var named = changes.Select(change => (Change: change, Path: change.Path.Below(prefix).Display)).ToList();
        var unknown = named.Where(one => IsUnknown(one.Change, from, to)).ToList();
        var own = named.Where(static one => OwnFiles.IsWritten(one.Path)).ToList();
        var counted = named.Except(unknown).Except(own).ToList();
        return new ChangeSet
        {
            Files =
            [
                .. counted
                    .Take(ChangeSet.MaxFiles)
                    .Select(static one => new FileChange(one.Path, Kind(one.Change), one.Change.Added, one.Change.Removed)),
            ],
            AllPaths = [.. counted.Select(static one => one.Path)],
            FileCount = counted.Count,
            LinesAdded = counted.Sum(static one => (long)(one.Change.Added ?? 0)),
            LinesRemoved = counted.Sum(static one => (long)(one.Change.Removed ?? 0)),
            OwnFiles = [.. own.Select(static one => one.Path)],
            Unknown = [.. unknown.Take(ChangeSet.MaxFiles).Select(static one => one.Path)],
        };
    }

    private static bool IsUnknown(TreeChange change, CheckpointNotes from, CheckpointNotes to) =>
        !change.IsRepository && ((change.From is null && from.IsUnknown(change.Path)) || (change.To is null && to.IsUnknown(change.Path)));

    private static ChangeKind Kind(TreeChange change) =>
        change switch
        {
            { From: null } => ChangeKind.Added,
            { To: null } => ChangeKind.Deleted,
            _ when change.From?.Id == change.To?.Id => ChangeKind.ModeChanged,
            _ => ChangeKind.Modified,
        };
}
