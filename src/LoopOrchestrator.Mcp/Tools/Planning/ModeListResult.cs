using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The answer of <c>list_modes</c>.</summary>
internal sealed record ModeListResult(
    IReadOnlyList<ModeResult> Modes,
    [property: Description("What is wrong in .roomodes, with line and column.")] IReadOnlyList<string> Findings);
