namespace LoopOrchestrator.Mcp.Info;

/// <summary>Whether the workspace's commands may be executed.</summary>
/// <param name="Source">Who said so, or how to say so.</param>
/// <param name="HeldBack">What does not happen without trust; with it, what is new or has changed since a person saw it.</param>
/// <param name="Note">What is odd about the record of trust; <see langword="null"/> when nothing is.</param>
internal sealed record InfoTrust(bool Trusted, string Source, IReadOnlyList<string> HeldBack, string? Note);
