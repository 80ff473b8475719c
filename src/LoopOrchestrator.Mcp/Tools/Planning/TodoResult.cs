using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>An item of the plan as tools show it.</summary>
internal sealed record TodoResult(
    [property: Description("Its id, stable while its title and section stay.")] string Id,
    [property: Description("Its title.")] string Title,
    [property: Description("The rest of its text.")] string? Detail,
    [property: Description("Whether it is done.")] bool Completed,
    [property: Description("The headings that it stands under.")] string Section,
    [property: Description("Its line in TODO.md.")] int Line,
    [property: Description("The item that it is a part of.")] string? ParentId,
    [property: Description("Its notes.")] IReadOnlyList<string> Notes);
