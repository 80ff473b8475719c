using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>An item of the plan as tools show it.</summary>
internal sealed record TodoResult(
    [property: Description("Its id, stable while its title and section stay.")] string Id,
    string Title,
    string? Detail,
    bool Completed,
    string Section,
    int Line,
    [property: Description("The item that it is a part of.")] string? ParentId,
    IReadOnlyList<string> Notes);
