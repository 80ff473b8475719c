using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>What differs at one path between two trees.</summary>
/// <param name="Path">The path, from the top of the work tree.</param>
/// <param name="From">What the first has there; <see langword="null"/> for nothing.</param>
/// <param name="To">What the second has there; <see langword="null"/> for nothing.</param>
/// <param name="Added">Lines added; <see langword="null"/> for what is not text.</param>
/// <param name="Removed">Lines removed, likewise.</param>
internal sealed record TreeChange(PathName Path, TreeEntry? From, TreeEntry? To, int? Added, int? Removed)
{
    /// <summary>Whether one side is a repository of its own.</summary>
    public bool IsRepository => From?.Mode == TreeEntry.Repository || To?.Mode == TreeEntry.Repository;

    /// <summary>All changes from one tree to another, by path. What was renamed is gone in one place and new in another.</summary>
    /// <exception cref="GitException">One of them is not there.</exception>
    public static async Task<IReadOnlyList<TreeChange>> ListAsync(
        SnapshotRepository repository,
        string from,
        string to,
        CancellationToken cancellationToken
    )
    {
        var output = await repository.RunAsync(
            ["diff-tree", "-r", "-z", "--no-renames", "--no-ext-diff", "--no-textconv", "--no-abbrev", "--raw", "--numstat", from, to],
            cancellationToken: cancellationToken
        );
        var changes = new Dictionary<PathName, TreeChange>();
        using var parts = PathName.List(output.Output).GetEnumerator();
        while (parts.MoveNext())
        {
            var part = parts.Current.Raw;
            if (RawDiffLine.Is(part))
            {
                var line = RawDiffLine.Parse(part);
                parts.MoveNext();
                var path = parts.Current;
                changes[path] = new TreeChange(path, Entry(line.OldMode, line.OldId, path), Entry(line.Mode, line.Id, path), null, null);
            }
            else
            {
                // "added<tab>removed<tab>path", with "-" for what is not text.
                var fields = part.Split('\t', 3);
                var path = new PathName(fields[2]);
                if (
                    changes.TryGetValue(path, out var change)
                    && !change.IsRepository
                    && int.TryParse(fields[0], out var added)
                    && int.TryParse(fields[1], out var removed)
                )
                {
                    changes[path] = change with { Added = added, Removed = removed };
                }
            }
        }

        return [.. changes.Values.OrderBy(static change => change.Path.Raw, StringComparer.Ordinal)];
    }

    private static TreeEntry? Entry(string mode, string id, PathName path) =>
        RawDiffLine.IsNothing(mode) ? null : new TreeEntry(mode, id, path);
}
