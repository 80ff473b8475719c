using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>The answer of <c>get_status</c>.</summary>
internal sealed record StatusResult(
    [property: Description("The product's name.")] string Product,
    [property: Description("The server's version.")] string Version,
    [property: Description("The workspace's folder, absolute.")] string Workspace,
    [property: Description("How this server is reached: stdio or http.")] string Mode,
    [property: Description("Whether commands and agents of this workspace may be executed.")] bool Trusted,
    [property: Description("Who said so, or how to say so.")] string TrustSource);
