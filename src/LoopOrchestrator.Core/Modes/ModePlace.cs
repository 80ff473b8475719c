namespace LoopOrchestrator.Core.Modes;

/// <summary>Where <c>mcp_startup.json</c> names a mode below <c>modes</c>.</summary>
/// <param name="Slug">The mode's slug, as it stands there.</param>
/// <param name="Line">Its line, counted from 1.</param>
/// <param name="Column">Its column in characters, counted from 1.</param>
public sealed record ModePlace(string Slug, int Line, int Column);
