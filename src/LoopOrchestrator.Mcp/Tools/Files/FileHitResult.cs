namespace LoopOrchestrator.Mcp.Tools.Files;

/// <summary>A line that was found.</summary>
internal sealed record FileHitResult(string Path, int Line, string Text);
