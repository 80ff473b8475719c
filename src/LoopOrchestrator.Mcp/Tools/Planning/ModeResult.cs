namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>A mode as tools show it.</summary>
internal sealed record ModeResult(
    string Slug,
    string Name,
    string? Stage,
    string? WhenToUse,
    IReadOnlyList<string> Groups,
    string Agent,
    string Source
);
