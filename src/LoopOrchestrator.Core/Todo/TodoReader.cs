using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Todo;

/// <summary>Reads the workspace's plan. Nothing is written.</summary>
public static class TodoReader
{
    /// <summary>Reads <c>TODO.md</c>; a missing file reads as one without items.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="filter">Which items to show; the open ones when <see langword="null"/>.</param>
    /// <exception cref="UserErrorException">The file cannot be read, or the limit is below 1.</exception>
    public static TodoReading Read(WorkspacePaths paths, TodoFilter? filter = null)
    {
        ArgumentNullException.ThrowIfNull(paths);
        filter ??= new TodoFilter();
        if (filter.Limit < 1)
        {
            throw new UserErrorException($"limit is {filter.Limit}; it must be at least 1.");
        }

        var document = ReadDocument(paths);
        var words = filter.Query?.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) ?? [];
        var matching = document.Items.Where(item => Fits(item, filter, words)).ToList();
        return new TodoReading(
            matching.Count <= filter.Limit ? matching : matching[..filter.Limit],
            matching.Count,
            new TodoStatistics(document.Items.Count, document.Items.Count(item => item.IsCompleted)),
            document.Diagnostics
        );
    }

    /// <summary>
    /// The items that somebody may mean who names one by its id or its text, ticked ones included; one where it is clear.
    /// </summary>
    /// <exception cref="UserErrorException">The file cannot be read.</exception>
    internal static IReadOnlyList<TodoItem> Find(WorkspacePaths paths, string reference) =>
        TodoFinder.Candidates(ReadDocument(paths), reference);

    private static TodoDocument ReadDocument(WorkspacePaths paths) =>
        TodoDocument.Parse(
            new SharedFile(new SharedPath(paths, paths.Todo, FileSizes.Todo), "", () => { }).Read(),
            paths.Display(paths.Todo)
        );

    private static bool Fits(TodoItem item, TodoFilter filter, string[] words) =>
        (filter.IncludeCompleted || !item.IsCompleted)
        && (string.IsNullOrWhiteSpace(filter.Section) || item.Section.Contains(filter.Section.Trim(), StringComparison.OrdinalIgnoreCase))
        && Array.TrueForAll(words, word =>
            Says(item.Title, word) || Says(item.Detail, word) || item.Notes.Any(note => Says(note.Key, word) || Says(note.Text, word))
        );

    private static bool Says(string? text, string word) => text?.Contains(word, StringComparison.OrdinalIgnoreCase) == true;
}
