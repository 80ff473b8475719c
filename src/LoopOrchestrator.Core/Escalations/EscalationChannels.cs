namespace LoopOrchestrator.Core.Escalations;

/// <summary>
/// Who is told of escalations, from <c>escalation</c> in <c>mcp_startup.json</c>. Nobody by default; status and memory tell in any case.
/// </summary>
public sealed record EscalationChannels
{
    /// <summary>The name of the channel that starts a command.</summary>
    public const string CommandChannel = "command";

    /// <summary>The name of the channel that posts to an address.</summary>
    public const string WebhookChannel = "webhook";

    /// <summary>
    /// A program and its arguments, started in the workspace with the escalation as JSON on its standard input (<c>command</c>); none when
    /// empty.
    /// </summary>
    public IReadOnlyList<string> Command { get; init; } = [];

    /// <summary>An address to which the escalation is posted as JSON (<c>webhook</c>); https, or http on this machine.</summary>
    public Uri? Webhook { get; init; }

    /// <summary>The names of the channels that are configured.</summary>
    internal IReadOnlyList<string> Names =>
        [
            .. Command.Count > 0 ? [CommandChannel] : Array.Empty<string>(),
            .. Webhook is not null ? [WebhookChannel] : Array.Empty<string>(),
        ];
}
