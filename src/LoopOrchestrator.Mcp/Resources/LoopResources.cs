using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>All resources by their addresses, in the order of the list.</summary>
internal static class LoopResources
{
    private const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods;

    /// <summary>Serves them.</summary>
    public static IMcpServerBuilder WithLoopResources(this IMcpServerBuilder builder) =>
        builder
            .With<StatusResources>(
                "loop://status",
                "loop://schedules",
                "loop://schedules{?page}",
                "loop://schedules/{id}",
                "loop://timing"
            )
            .With<FileResources>("loop://memory", "loop://memory{?section,page}", "loop://todo", "loop://todo{?page}")
            .With<RunResources>("loop://runs/{id}", "loop://runs/{id}/log", "loop://runs/{id}/log{?cursor}")
            .With<ModeResources>("loop://modes/{slug}")
            .With<CycleResources>("loop://cycles/{id}");

    private static IMcpServerBuilder With<[DynamicallyAccessedMembers(Members)] T>(
        this IMcpServerBuilder builder,
        params string[] uriTemplates
    )
        where T : class
    {
        foreach (var uriTemplate in uriTemplates)
        {
            builder.Services.AddSingleton<McpServerResource>(services => new BoundLater(uriTemplate, () => Bind<T>(uriTemplate, services)));
        }

        return builder;
    }

    private static McpServerResource Bind<[DynamicallyAccessedMembers(Members)] T>(string uriTemplate, IServiceProvider services)
        where T : class =>
        McpServerResource.Create(
            typeof(T)
                .GetMethods(BindingFlags.Public | BindingFlags.Instance)
                .Single(method => method.GetCustomAttribute<McpServerResourceAttribute>()?.UriTemplate == uriTemplate),
            static request => ActivatorUtilities.CreateInstance<T>(request.Services!),
            new McpServerResourceCreateOptions { Services = services }
        );
}
