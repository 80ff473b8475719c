using System.IO.Enumeration;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>What stands in the folders of a workspace, in pages. Immutable; safe for many threads.</summary>
internal sealed class WorkFileLister(WorkspacePaths paths)
{
    /// <summary>How many entries of one folder are looked at.</summary>
    internal int MaxInFolder { get; init; } = WorkFileLimits.Folder;

    /// <summary>Lists a page.</summary>
    /// <param name="folder">Where to begin; <see langword="null"/> for the workspace's folder.</param>
    /// <param name="name">Only files of this name, with <c>*</c> and <c>?</c>; folders are left out then.</param>
    /// <param name="depth">How many levels of folders.</param>
    /// <param name="cursor">Of the page before.</param>
    /// <param name="cost">How much of a page an entry takes.</param>
    /// <param name="most">How much a page holds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="UserErrorException">The folder cannot be read, or an argument is none.</exception>
    public WorkFileList List(
        string? folder,
        string? name,
        int depth,
        string? cursor,
        Func<WorkFileRow, int> cost,
        int most,
        CancellationToken cancellationToken
    )
    {
        var from = WorkFilePath.Folder(paths, folder);
        var walk = new WorkFileWalk(paths, depth) { MaxInFolder = MaxInFolder };
        var rows = new List<WorkFileRow>();
        var left = most;
        string? last = cursor;
        foreach (var (path, entry) in walk.Below(from, After(from, cursor)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (Fits(name, entry))
            {
                var row = new WorkFileRow(
                    path.Relative,
                    entry.IsLink ? "link"
                        : entry.IsFolder ? "folder"
                        : "file",
                    entry.Size
                );
                left -= cost(row);
                if (rows.Count > 0 && left < 0)
                {
                    return new WorkFileList(rows, last, walk.Unreadable, walk.Cut);
                }

                rows.Add(row);
            }

            last = path.Relative;
            if (walk.Visited >= WorkFileWalk.MaxVisited)
            {
                return new WorkFileList(rows, last, walk.Unreadable, walk.Cut);
            }
        }

        return new WorkFileList(rows, null, walk.Unreadable, walk.Cut);
    }

    /// <summary>Whether a file has a name that is asked for.</summary>
    public static bool Fits(string? name, GuardedFolder.Entry entry) =>
        string.IsNullOrEmpty(name) || (!entry.IsFolder && FileSystemName.MatchesSimpleExpression(name, entry.Name, ignoreCase: false));

    /// <summary>The names on the way to the entry of a cursor, from the folder on.</summary>
    /// <exception cref="UserErrorException">It is no cursor of that folder.</exception>
    public static IReadOnlyList<string>? After(WorkFilePath folder, string? cursor)
    {
        if (cursor is null)
        {
            return null;
        }

        // Only compared, never opened: a name that somebody else has made may be one that no path of a client can have.
        var names = cursor.Split('/');
        return
            names.Length > folder.Segments.Count && names.Take(folder.Segments.Count).SequenceEqual(folder.Segments, StringComparer.Ordinal)
            ? [.. names.Skip(folder.Segments.Count)]
            : throw new UserErrorException(
                $"cursor '{cursor}' is not one of this folder. Give next_cursor of an earlier answer, or leave it out for the first page."
            );
    }
}
