using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>A mode as tools show it.</summary>
internal sealed record ModeResult(
    [property: Description("Its slug, for run_mode.")] string Slug,
    [property: Description("Its name.")] string Name,
    [property: Description("Its stage in the workflow: implementation, validation, quality, integration or planning; absent for a mode without one.")] string? Stage,
    [property: Description("When to use it.")] string? WhenToUse,
    [property: Description("What it may do: read, edit, command, mcp.")] IReadOnlyList<string> Groups,
    [property: Description("The agent that does its work.")] string Agent,
    [property: Description("built_in or workspace (.roomodes).")] string Source);
