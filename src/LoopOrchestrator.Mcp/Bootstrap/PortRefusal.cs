namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>Why a port cannot be listened on, and what to do.</summary>
internal sealed record PortRefusal(bool InUse, string Message);
