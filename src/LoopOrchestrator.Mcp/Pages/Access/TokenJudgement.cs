using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Pages.Access;

/// <summary>What became of a token that was shown.</summary>
/// <param name="Grant">What its holder is let in as; <see langword="null"/> where it is not let in.</param>
/// <param name="StillCounts">Whether it would be let in again; asked on any thread, again and again.</param>
/// <param name="Refusal">Why it is not let in, in words for whoever has sent it.</param>
/// <param name="Status">The HTTP status of the refusal.</param>
/// <param name="RetryAfter">After what time it may be known, where it is not now.</param>
internal sealed record TokenJudgement(AccessGrant? Grant, Func<bool> StillCounts, string Refusal, int Status, TimeSpan RetryAfter);
