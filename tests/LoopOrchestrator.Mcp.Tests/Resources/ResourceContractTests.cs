using System.Reflection;
using LoopOrchestrator.Mcp.Resources;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tests.Resources;

/// <summary>What is known of a resource before its method is looked at.</summary>
public sealed class ResourceContractTests
{
    [Fact]
    public void Resources_OfEachClass_AreServedUnderTheAddressesOfTheirMethods()
    {
        var services = new ServiceCollection();
        services.AddMcpServer().WithLoopResources();
        using var provider = services.BuildServiceProvider();
        var served = provider.GetServices<McpServerResource>().ToList();

        served.Select(static resource => ((IMcpServerPrimitive)resource).Id).Should().OnlyHaveUniqueItems().And.BeEquivalentTo(Addresses());
        served
            .Select(static resource => resource.ProtocolResourceTemplate.UriTemplate)
            .Should()
            .Equal(served.Select(static resource => ((IMcpServerPrimitive)resource).Id));
    }

    private static IEnumerable<string> Addresses() =>
        typeof(LoopResources)
            .Assembly.GetTypes()
            .SelectMany(static type => type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Select(static method => method.GetCustomAttribute<McpServerResourceAttribute>()?.UriTemplate)
            .OfType<string>();
}
