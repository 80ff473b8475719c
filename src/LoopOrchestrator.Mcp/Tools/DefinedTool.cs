using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using LoopOrchestrator.Mcp.Served;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>
/// A tool whose definition is read from its file in <c>Definitions</c>, and whose method is looked at when it is called for the first time:
/// clients ask for the list at once and call few of the tools.
/// </summary>
/// <param name="name">Its name, and that of its file.</param>
/// <param name="bind">Makes what carries its calls out.</param>
/// <param name="served">The workspaces of a server that serves several; <see langword="null"/> in a server of one.</param>
internal sealed class DefinedTool(string name, Func<McpServerTool> bind, ServedWorkspaces? served = null)
    : McpServerTool,
        IMcpServerPrimitive
{
    private readonly Lazy<Tool> _definition = new(() => served is null ? Read(name) : WorkspaceArgument.AddTo(Read(name), served));
    private readonly Lazy<McpServerTool> _bound = new(bind);

    /// <inheritdoc/>
    public override Tool ProtocolTool => _definition.Value;

    /// <summary>None: who may call a tool is in <see cref="Calls.ToolScopes"/>.</summary>
    public override IReadOnlyList<object> Metadata => [];

    // The collection of tools asks for it before anybody asks for the list.
    string IMcpServerPrimitive.Id => name;

    /// <inheritdoc/>
    public override ValueTask<CallToolResult> InvokeAsync(
        RequestContext<CallToolRequestParams> request,
        CancellationToken cancellationToken = default
    ) => _bound.Value.InvokeAsync(request, cancellationToken);

    private static Tool Read(string name)
    {
        using var file = typeof(DefinedTool).Assembly.GetManifestResourceStream($"tools/{name}.json")
            ?? throw new InvalidOperationException($"The tool {name} has no definition. tools/snapshots makes it of its method.");
        var text = new byte[file.Length];
        file.ReadExactly(text);
        return JsonSerializer.Deserialize(text, (JsonTypeInfo<Tool>)McpJsonUtilities.DefaultOptions.GetTypeInfo(typeof(Tool)))!;
    }
}
