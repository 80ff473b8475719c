using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The answer of <c>list_todos</c>.</summary>
internal sealed record TodoListResult(
    IReadOnlyList<TodoResult> Items,
    [property: Description("How many fit the filter, beyond those listed.")] int Matching,
    [property: Description("All items of the file, before any filter.")] int Total,
    [property: Description("How many of them are done.")] int Completed,
    IReadOnlyList<string> Findings);
