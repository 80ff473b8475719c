using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>A mode as tools show it.</summary>
internal sealed record ModeResult(
    string Slug,
    string Name,
    [property: Description("Its stage in the workflow: implementation, validation, quality, integration or planning; absent for a mode without one.")] string? Stage,
    string? WhenToUse,
    [property: Description("What it may do: read, edit, command, mcp.")] IReadOnlyList<string> Groups,
    string Agent,
    [property: Description("built_in or workspace (.roomodes).")] string Source);
