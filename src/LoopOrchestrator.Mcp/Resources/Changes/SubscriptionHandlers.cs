using LoopOrchestrator.Mcp.Bootstrap;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Resources.Changes;

/// <summary>Takes the requests of both eras that are about hearing of changes.</summary>
internal static class SubscriptionHandlers
{
    /// <summary>Serves them.</summary>
    public static IMcpServerBuilder WithResourceChanges(this IMcpServerBuilder builder)
    {
        builder.Services.AddSingleton<ResourceReader>();
        builder.Services.AddSingleton<ChangeWatch>();
        builder.Services.AddSingleton<ResourceSubscriptions>();
        return builder
            .WithSubscribeToResourcesHandler(
                static async (context, cancellationToken) =>
                {
                    await Of(context.Services ?? context.Server.Services!)
                        .SubscribeAsync(context.Server, context.Params?.Uri ?? string.Empty, cancellationToken);
                    return new EmptyResult();
                }
            )
            .WithUnsubscribeFromResourcesHandler(
                static (context, _) =>
                {
                    Of(context.Services ?? context.Server.Services!).Unsubscribe(context.Server, context.Params?.Uri ?? string.Empty);
                    return ValueTask.FromResult(new EmptyResult());
                }
            )
            .WithSubscriptionsListenHandler(
                static async (context, cancellationToken) =>
                    await Of(context.Services ?? context.Server.Services!).ListenAsync(context, cancellationToken)
            );
    }

    // Changes are watched in the workspace that the server was started with. In a server of several that is the first that could be
    // served, and its resources must not be taken for those of the one that counts where none is named.
    private static ResourceSubscriptions Of(IServiceProvider services) =>
        services.GetRequiredService<ServerContext>() is { Served: { } served } server && served.Default.Name != server.ServedName
            ? throw new McpProtocolException(
                $"Changes of '{served.Default.Name}' are not told: it could not be served when the server started. Restart it.",
                McpErrorCode.InvalidRequest
            )
            : services.GetRequiredService<ResourceSubscriptions>();
}
