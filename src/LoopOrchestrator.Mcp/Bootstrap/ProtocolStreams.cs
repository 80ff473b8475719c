namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>The two ends of the protocol over the process's own streams.</summary>
/// <param name="Input">What the client sends.</param>
/// <param name="Output">What it is sent.</param>
internal sealed record ProtocolStreams(Stream Input, Stream Output);
