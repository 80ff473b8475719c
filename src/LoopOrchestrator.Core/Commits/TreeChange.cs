using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Commits;

/// <summary>How one file differs between a commit and a tree.</summary>
/// <param name="Path">From the top of the work tree.</param>
/// <param name="OldBlob">Its content before; zeros where there was none.</param>
/// <param name="Mode">Its mode now; zeros where it is gone.</param>
/// <param name="Blob">Its content now; zeros where it is gone.</param>
internal sealed record TreeChange(string Path, string OldBlob, string Mode, string Blob)
{
    /// <summary>Whether the tree does not have it.</summary>
    public bool IsDeleted => RawDiffLine.IsNothing(Mode);

    /// <summary>Whether the commit did not have it.</summary>
    public bool IsAdded => RawDiffLine.IsNothing(OldBlob);

    /// <summary>Reads what <c>git diff-index --raw -z --no-abbrev --no-renames</c> writes.</summary>
    public static IReadOnlyList<TreeChange> ReadAll(IReadOnlyList<string> parts)
    {
        var changes = new List<TreeChange>();
        for (var index = 0; index + 1 < parts.Count; index += 2)
        {
            var line = RawDiffLine.Parse(parts[index]);
            changes.Add(new TreeChange(parts[index + 1], line.OldId, line.Mode, line.Id));
        }

        return changes;
    }
}
