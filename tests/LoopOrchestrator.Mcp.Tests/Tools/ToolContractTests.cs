using System.ComponentModel;
using System.Reflection;
using LoopOrchestrator.Mcp.Tools;
using LoopOrchestrator.Mcp.Tools.Board;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>What every tool says about itself, so that clients and models can use it without reading anything else.</summary>
public sealed class ToolContractTests
{
    private static readonly string[] Stated =
    [
        nameof(McpServerToolAttribute.Name),
        nameof(McpServerToolAttribute.Title),
        nameof(McpServerToolAttribute.ReadOnly),
        nameof(McpServerToolAttribute.Destructive),
        nameof(McpServerToolAttribute.Idempotent),
        nameof(McpServerToolAttribute.OpenWorld),
        nameof(McpServerToolAttribute.UseStructuredContent),
    ];

    private static readonly string[] Annotations =
    [
        nameof(McpServerToolAttribute.ReadOnly),
        nameof(McpServerToolAttribute.Destructive),
        nameof(McpServerToolAttribute.Idempotent),
        nameof(McpServerToolAttribute.OpenWorld),
    ];

    public static TheoryData<string, string> Tools()
    {
        var data = new TheoryData<string, string>();
        foreach (var method in Methods())
        {
            data.Add(method.DeclaringType!.Name, method.Name);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Tools))]
    public void Tool_OfEachToolset_StatesEverythingExplicitly(string type, string name)
    {
        var method = Methods()
            .Single(candidate =>
                string.Equals(candidate.DeclaringType!.Name, type, StringComparison.Ordinal)
                && string.Equals(candidate.Name, name, StringComparison.Ordinal)
            );
        var attribute = method.GetCustomAttributesData().Single(data => data.AttributeType == typeof(McpServerToolAttribute));

        // One client draws no page for a tool that says anything of what it does to the world.
        string[] stated = type == nameof(BoardTools) ? [.. Stated.Except(Annotations, StringComparer.Ordinal)] : Stated;
        attribute.NamedArguments.Select(argument => argument.MemberName).Should().Contain(stated);
        method.GetCustomAttribute<DescriptionAttribute>().Should().NotBeNull();
        method.GetParameters().Should().Contain(parameter => parameter.ParameterType == typeof(CancellationToken));
        method
            .GetParameters()
            .Where(parameter =>
                parameter.ParameterType != typeof(CancellationToken)
                && parameter.ParameterType != typeof(RequestContext<CallToolRequestParams>)
                && parameter.ParameterType != typeof(McpServer)
                && !parameter.ParameterType.IsInterface
            )
            .Should()
            .NotContain(parameter => parameter.GetCustomAttribute<DescriptionAttribute>() == null);
    }

    [Fact]
    public void Tools_OfEachClass_AreServedByOneToolset()
    {
        var served = Toolsets.Of(ListedTools.Everything).ToList();

        served
            .Select(static tool => tool.Name)
            .Should()
            .OnlyHaveUniqueItems()
            .And.BeEquivalentTo(Methods().Select(static method => method.GetCustomAttribute<McpServerToolAttribute>()!.Name));
    }

    private static IEnumerable<MethodInfo> Methods() =>
        typeof(Toolsets)
            .Assembly.GetTypes()
            .SelectMany(type =>
                type.GetMethods(
                    BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly
                )
            )
            .Where(method => method.IsDefined(typeof(McpServerToolAttribute)));
}
