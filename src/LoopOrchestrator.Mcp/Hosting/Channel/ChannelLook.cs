namespace LoopOrchestrator.Mcp.Hosting.Channel;

/// <summary>What was found at one moment.</summary>
/// <param name="News">It.</param>
/// <param name="IsComplete">Whether that is all there was; else what is not in it may be there all the same.</param>
internal sealed record ChannelLook(IReadOnlyList<ChannelNews> News, bool IsComplete);
