namespace LoopOrchestrator.Mcp.Tests.Load;

/// <summary>What a client sends in the place of a message, and what it was made from, which is what headers of HTTP say.</summary>
/// <param name="Bytes">The bytes. A line has none of its own end in it.</param>
/// <param name="Method">The method that it was to call.</param>
/// <param name="Name">The tool, prompt or resource.</param>
internal sealed record FuzzedMessage(byte[] Bytes, string Method, string? Name);
