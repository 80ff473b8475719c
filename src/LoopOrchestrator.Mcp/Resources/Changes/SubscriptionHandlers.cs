using Microsoft.Extensions.DependencyInjection;
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

    private static ResourceSubscriptions Of(IServiceProvider services) => services.GetRequiredService<ResourceSubscriptions>();
}
