namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>How large a terminal is.</summary>
/// <param name="Width">Its columns.</param>
/// <param name="Height">Its lines.</param>
internal sealed record ScreenSize(int Width, int Height);
