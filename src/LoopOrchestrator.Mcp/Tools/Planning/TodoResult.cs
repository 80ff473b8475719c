namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>An item of the plan as tools show it.</summary>
internal sealed record TodoResult(
    string Id,
    string Title,
    string? Detail,
    bool Completed,
    string Section,
    int Line,
    string? ParentId,
    IReadOnlyList<string> Notes
);
