namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The answer of <c>list_todos</c>.</summary>
internal sealed record TodoListResult(
    IReadOnlyList<TodoResult> Items,
    int Matching,
    int Total,
    int Completed,
    IReadOnlyList<string> Findings
);
