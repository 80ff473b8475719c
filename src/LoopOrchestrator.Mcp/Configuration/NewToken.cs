namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>A token that was just made.</summary>
/// <param name="Token">The token itself; nobody keeps it.</param>
/// <param name="Entry">What is kept of it.</param>
/// <param name="IsFirst">Whether there was no list before.</param>
internal sealed record NewToken(string Token, TokenEntry Entry, bool IsFirst);
