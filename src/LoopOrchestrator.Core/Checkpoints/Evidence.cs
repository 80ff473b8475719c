namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Makes of differing trees what people and rules go by.</summary>
internal static class Evidence
{
    private const int MaxNamed = 5;

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
            NotCovered = NotCovered(from, to, prefix),
            IsPartial = counted.Count == 0 && (IsAboveUnknown(from, to) || Above(from, to).Count > 0),
        };
    }

    /// <summary>What two checkpoints do not hold, each in a phrase.</summary>
    public static IReadOnlyList<string> NotCovered(CheckpointNotes from, CheckpointNotes to, PathName prefix)
    {
        var found = new List<string>();
        var repositories = from.Repositories.Union(to.Repositories, StringComparer.Ordinal).Order(StringComparer.Ordinal).ToList();
        if (repositories.Count > 0)
        {
            found.Add($"repositories of their own: {Named(repositories.ConvertAll(path => new PathName(path).Below(prefix).Display))}");
        }

        var above = Above(from, to);
        if (IsAboveUnknown(from, to))
        {
            found.Add("what is above the workspace: git did not say in time what differs there, or it is too much");
        }
        else if (above.Count > 0)
        {
            found.Add(
                $"{above.Count} file(s) above the workspace changed: {Named([.. above.Select(static path => new PathName(path).Display)])}"
            );
        }

        return found;
    }

    // By what tells a file from itself at another moment.
    private static List<string> Above(CheckpointNotes from, CheckpointNotes to) =>
        [
            .. from
                .Above.Except(to.Above)
                .Concat(to.Above.Except(from.Above))
                .Select(static one => one.Key)
                .Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal),
        ];

    private static bool IsAboveUnknown(CheckpointNotes from, CheckpointNotes to) => from.IsAboveUnknown || to.IsAboveUnknown;

    private static string Named(List<string> names) =>
        string.Join(", ", names.Take(MaxNamed)) + (names.Count > MaxNamed ? $" and {names.Count - MaxNamed} more" : "");

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
