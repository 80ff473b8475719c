using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Bootstrap;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// A client that asks by <c>initialize</c> for a revision that we do not have is offered the newest one that has this handshake, as the
/// protocol says: it then decides. The SDK refuses later revisions, and a client can do nothing with that.
/// </summary>
internal static class HandshakeRevision
{
    /// <summary>Looks at each message before the SDK does.</summary>
    public static McpMessageHandler Guard(McpMessageHandler next) =>
        (context, cancellationToken) =>
        {
            if (
                context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.Initialize, Params: JsonObject parameters }
                && parameters["protocolVersion"] is JsonValue value
                && value.TryGetValue<string>(out var asked)
                && !Product.HandshakeRevisions.Contains(asked, StringComparer.Ordinal)
            )
            {
                parameters["protocolVersion"] = Product.HandshakeRevisions[^1];
            }

            return next(context, cancellationToken);
        };
}
