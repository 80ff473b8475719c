namespace LoopOrchestrator.Mcp.Info;

/// <summary>An option's value as text, and where it came from.</summary>
internal sealed record InfoOption(string? Value, string Source);
