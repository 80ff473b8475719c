namespace LoopOrchestrator.Core.Todo;

/// <summary>One item of the plan: a list item with a box.</summary>
/// <param name="Id">
/// Twelve hexadecimal digits, made from title, section and, among equals, the position. It survives ticking, notes and edits elsewhere.
/// Another title makes it another item; after another section it has another id, and <see cref="TodoStore"/> still takes the old one.
/// </param>
/// <param name="IsCompleted">The box is ticked.</param>
/// <param name="Title">The bold text at the beginning, else the whole text.</param>
/// <param name="Detail">What follows a bold title; empty when nothing does.</param>
/// <param name="Section">The headings above it, joined by <c> &gt; </c>; empty above the first heading.</param>
/// <param name="Line">Its line, counted from 1.</param>
/// <param name="Depth">0 at the top of a list, one more for each item that it is nested in.</param>
/// <param name="ParentId">The item that it is nested in.</param>
/// <param name="Notes">The indented lines below it that have no box.</param>
public sealed record TodoItem(
    string Id,
    bool IsCompleted,
    string Title,
    string Detail,
    string Section,
    int Line,
    int Depth,
    string? ParentId,
    IReadOnlyList<TodoNote> Notes
)
{
    /// <summary>How one sees that it is done, where a note says so.</summary>
    public string? Acceptance => Note("Acceptance");

    /// <summary>Its priority, where a note says so.</summary>
    public string? Priority => Note("Priority");

    /// <summary>Who does it, where a note says so.</summary>
    public string? Owner => Note("Owner");

    private string? Note(string key) =>
        Notes.FirstOrDefault(note => string.Equals(note.Key, key, StringComparison.OrdinalIgnoreCase))?.Text;
}
