using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// A client that asks by <c>initialize</c> for a revision that we do not have is offered the newest one that has this handshake, as the
/// protocol says: it then decides. The SDK refuses later revisions, and a client can do nothing with that.
/// </summary>
internal static class HandshakeRevision
{
    /// <summary>The newest revision that begins with <c>initialize</c>.</summary>
    public const string Newest = "2025-11-25";

    private static readonly string[] Known = ["2024-11-05", "2025-03-26", "2025-06-18", Newest];

    /// <summary>Looks at each message before the SDK does.</summary>
    public static McpMessageHandler Guard(McpMessageHandler next) =>
        (context, cancellationToken) =>
        {
            if (
                context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.Initialize, Params: JsonObject parameters }
                && parameters["protocolVersion"] is JsonValue value
                && value.TryGetValue<string>(out var asked)
                && !Known.Contains(asked, StringComparer.Ordinal)
            )
            {
                parameters["protocolVersion"] = Newest;
            }

            return next(context, cancellationToken);
        };
}
