using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Says from revision 2026-07-28 on for how long an answer may be used again: lists that a server does not change, and what is rarely
/// edited. What moves is stale at once. Nothing is for caches that people share: what a workspace holds is its people's.
/// </summary>
internal static class CacheHints
{
    /// <summary>
    /// How long the lists of tools, resources and templates hold. They end with the process, which may come back with other tools.
    /// </summary>
    public static readonly TimeSpan OfFixedLists = TimeSpan.FromMinutes(5);

    // A file that people edit: what is older than this was seen before the edit.
    private static readonly TimeSpan OfModes = TimeSpan.FromSeconds(10);

    private const string FirstWithHints = "2026-07-28";
    private const string Modes = "loop://modes/";

    /// <summary>Adds the hints.</summary>
    public static IMcpServerBuilder WithCacheHints(this IMcpServerBuilder builder) =>
        builder.WithRequestFilters(static filters =>
        {
            filters.AddListToolsFilter(static next =>
                async (context, token) => Hint(context.Server, await next(context, token), OfFixedLists)
            );
            filters.AddListResourcesFilter(static next =>
                async (context, token) => Hint(context.Server, await next(context, token), OfFixedLists)
            );
            filters.AddListResourceTemplatesFilter(static next =>
                async (context, token) => Hint(context.Server, await next(context, token), OfFixedLists)
            );
            filters.AddListPromptsFilter(static next =>
                async (context, token) => Hint(context.Server, await next(context, token), OfModes)
            );
            filters.AddReadResourceFilter(static next =>
                async (context, token) =>
                    Hint(
                        context.Server,
                        await next(context, token),
                        context.Params?.Uri.StartsWith(Modes, StringComparison.Ordinal) is true ? OfModes : TimeSpan.Zero
                    )
            );
        });

    private static T Hint<T>(McpServer server, T result, TimeSpan holds)
        where T : ICacheableResult
    {
        // Clients of the revisions before know no such members, and pay for each byte of a list.
        if (string.CompareOrdinal(server.NegotiatedProtocolVersion, FirstWithHints) >= 0)
        {
            result.TimeToLive = holds;
            result.CacheScope = CacheScope.Private;
        }

        return result;
    }
}
