using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.WorkFiles;

/// <summary>
/// Goes through a folder of a workspace and those below it, in the order of their names, so that it can go on behind any entry. Links are
/// told and not followed; <c>.git</c>, <c>.loop</c> and files of credentials are passed over. For one walk.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="maxDepth">How many levels of folders are looked into.</param>
internal sealed class WorkFileWalk(WorkspacePaths paths, int maxDepth)
{
    /// <summary>How many entries one call looks at; what is behind them is behind its cursor.</summary>
    public const int MaxVisited = 50_000;

    /// <summary>How many entries of one folder are looked at; where there are more, it counts as <see cref="Cut"/>.</summary>
    public int MaxInFolder { get; init; } = WorkFileLimits.Folder;

    /// <summary>How many folders could not be read.</summary>
    public int Unreadable { get; private set; }

    /// <summary>How many folders have more entries than were looked at.</summary>
    public int Cut { get; private set; }

    /// <summary>How many entries were looked at.</summary>
    public int Visited { get; private set; }

    /// <summary>The entries, a folder before what is in it.</summary>
    /// <param name="folder">Where to begin; must be there.</param>
    /// <param name="after">The entry behind which to go on, as it was told; <see langword="null"/> for the beginning.</param>
    /// <param name="inclusive">Whether that entry, where it is still there, is told again.</param>
    /// <exception cref="UserErrorException">The folder cannot be read.</exception>
    public IEnumerable<(WorkFilePath Path, GuardedFolder.Entry Entry)> Below(
        WorkFilePath folder,
        IReadOnlyList<string>? after,
        bool inclusive = false
    )
    {
        IReadOnlyList<GuardedFolder.Entry> first;
        try
        {
            first = EntriesOf(folder);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new UserErrorException(
                $"There is no folder {(folder.Segments.Count == 0 ? "." : folder.Relative)}. list_files shows what there is.",
                exception
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw WorkFileText.CannotRead(folder, exception);
        }

        return Entries(folder, first, after ?? [], inclusive, 1);
    }

    private IEnumerable<(WorkFilePath Path, GuardedFolder.Entry Entry)> Entries(
        WorkFilePath folder,
        IReadOnlyList<GuardedFolder.Entry> entries,
        IReadOnlyList<string> after,
        bool inclusive,
        int depth
    )
    {
        foreach (var entry in entries.OrderBy(static entry => entry.Name, StringComparer.Ordinal))
        {
            var order = after.Count == 0 ? 1 : string.CompareOrdinal(entry.Name, after[0]);
            if (order < 0 || WorkFilePath.IsClosed(entry.Name))
            {
                continue;
            }

            var path = WorkFilePath.Entry(paths, folder, entry.Name);
            if (!entry.IsFolder && WorkFilePath.WhyClosed(path.Relative) is not null)
            {
                continue;
            }

            Visited++;
            if (order > 0 || (inclusive && after.Count == 1))
            {
                yield return (path, entry);
            }

            if (!entry.IsFolder || depth >= maxDepth)
            {
                continue;
            }

            foreach (var below in Entries(path, Inside(path), order == 0 ? [.. after.Skip(1)] : [], inclusive, depth + 1))
            {
                yield return below;
            }
        }
    }

    private IReadOnlyList<GuardedFolder.Entry> Inside(WorkFilePath folder)
    {
        try
        {
            return EntriesOf(folder);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Unreadable++;
            return [];
        }
    }

    private IReadOnlyList<GuardedFolder.Entry> EntriesOf(WorkFilePath folder)
    {
        var entries = GuardedFolder.Entries(folder.Guarded, MaxInFolder + 1);
        if (entries.Count <= MaxInFolder)
        {
            return entries;
        }

        Cut++;
        return [.. entries.Take(MaxInFolder)];
    }
}
