namespace LoopOrchestrator.Mcp.Info;

/// <summary>Whether the workspace's commands may be executed.</summary>
/// <param name="Source">Who said so, or how to say so.</param>
/// <param name="HeldBack">What does not happen without trust; empty with it.</param>
internal sealed record InfoTrust(bool Trusted, string Source, IReadOnlyList<string> HeldBack);
