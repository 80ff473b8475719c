using LoopOrchestrator.Core.Todo;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The answer of <c>list_todos</c>.</summary>
internal sealed record TodoListResult(
    int Matching,
    int Total,
    int Completed,
    IReadOnlyList<TodoResult> Items,
    IReadOnlyList<string> Findings
)
{
    public static TodoListResult From(TodoReading reading) =>
        new(
            reading.Matching,
            reading.Statistics.Total,
            reading.Statistics.Completed,
            reading.Items.Select(Show).ToList(),
            reading.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList()
        );

    private static TodoResult Show(TodoItem item) =>
        new(
            item.Id,
            item.Title,
            item.Detail.Length > 0 ? item.Detail : null,
            item.IsCompleted,
            item.Section,
            item.Line,
            item.ParentId,
            item.Notes.Select(static note => note.Key is null ? note.Text : $"{note.Key}: {note.Text}").ToList()
        );
}
