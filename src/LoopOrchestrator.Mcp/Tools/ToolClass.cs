using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>A class with the tools that it has, by name and in the order of the list.</summary>
internal sealed class ToolClass
{
    private const DynamicallyAccessedMemberTypes Members =
        DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods;

    [DynamicallyAccessedMembers(Members)]
    private readonly Type _type;

    private ToolClass([DynamicallyAccessedMembers(Members)] Type type, IReadOnlyList<string> names) => (_type, Names) = (type, names);

    /// <summary>As their attributes have them.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <param name="names">All of its tools.</param>
    public static ToolClass Of<[DynamicallyAccessedMembers(Members)] T>(params string[] names) => new(typeof(T), names);

    /// <summary>As above, of tools that a client draws a page for: one client draws none where a tool carries any annotation.</summary>
    /// <param name="names">All of its tools.</param>
    public static ToolClass OfApp<[DynamicallyAccessedMembers(Members)] T>(params string[] names) =>
        new(typeof(T), names) { HasAnnotations = false };

    /// <summary>Whether its tools say of themselves what they do to the world.</summary>
    public bool HasAnnotations { get; private init; } = true;

    /// <summary>
    /// The tool as the SDK makes it of a method: arguments bound, answers serialized. It reads every attribute of the method and its types
    /// for the schemas, which takes longer than all else that a start does.
    /// </summary>
    /// <param name="name">One of <see cref="Names"/>.</param>
    /// <param name="services">What a parameter that is a service comes from.</param>
    public McpServerTool Bind(string name, IServiceProvider services)
    {
        var tool = McpServerTool.Create(
            _type
                .GetMethods(BindingFlags.Public | BindingFlags.Instance)
                .Single(method => method.GetCustomAttribute<McpServerToolAttribute>()?.Name == name),
            request => ActivatorUtilities.CreateInstance(request.Services ?? services, _type),
            new McpServerToolCreateOptions { Services = services, SerializerOptions = ToolJsonOptions.Shared }
        );
        tool.ProtocolTool.Annotations = HasAnnotations ? tool.ProtocolTool.Annotations : null;
        return tool;
    }
}
