namespace LoopOrchestrator.Mcp.Tools.Planning;

/// <summary>The answer of <c>list_modes</c>.</summary>
internal sealed record ModeListResult(IReadOnlyList<ModeResult> Modes, IReadOnlyList<string> Findings);
