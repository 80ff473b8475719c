using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Pages.Access;

/// <summary>A browser that has signed in.</summary>
/// <param name="Id">What its forms are bound to; never what its cookie holds.</param>
/// <param name="Grant">What it may do: what the token lets its holder do that was shown.</param>
/// <param name="StillCounts">Whether that token would still be let in; asked on any thread, again and again.</param>
internal sealed record PageSession(string Id, AccessGrant Grant, Func<bool> StillCounts);
