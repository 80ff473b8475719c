using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// What a server says of itself when a client asks for the first time (<c>initialize</c>, <c>server/discover</c>). Its lists of tools and
/// resources stay as they are for as long as it lives, and the SDK announces that they change: a client would wait for news of that, and
/// some hold a connection open for nothing else.
/// </summary>
internal static class Announcement
{
    private const string Capabilities = "capabilities";
    private const string TimeToLive = "ttlMs";

    /// <summary>Looks at each message before it goes out.</summary>
    public static McpMessageHandler Correct(McpMessageHandler next) =>
        (context, cancellationToken) =>
        {
            if (context.JsonRpcMessage is JsonRpcResponse { Result: JsonObject result } && result[Capabilities] is JsonObject capabilities)
            {
                foreach (var (_, capability) in capabilities)
                {
                    (capability as JsonObject)?.Remove("listChanged");
                }

                if (result.ContainsKey(TimeToLive))
                {
                    result[TimeToLive] = (long)CacheHints.OfFixedLists.TotalMilliseconds;
                }
            }

            return next(context, cancellationToken);
        };
}
