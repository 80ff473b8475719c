using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Mcp.Tools;
using LoopOrchestrator.Testing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>
/// What the server is to list, made of the methods of the tools: nothing is started and nothing opened. It is written into the files that
/// the program reads its list from. That the program lists the same is tested in <see cref="ToolListTests"/>.
/// </summary>
internal static class ListedTools
{
    /// <summary>Every tool, those too that are served only where their toolset is named.</summary>
    public const string Everything = "all,files,board";

    /// <summary>The tools of a selection, in the order of the list.</summary>
    /// <param name="toolsets">As <c>--toolsets</c> takes it.</param>
    public static IReadOnlyList<JsonObject> Of(string toolsets)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddLoopOrchestratorMcp(Context(toolsets));
        using var provider = services.BuildServiceProvider();
        return
        [
            .. Toolsets
                .Of(toolsets)
                .Select(tool => ToolSchemas.Finish(tool.Bind(provider).ProtocolTool))
                .Select(static tool => JsonSerializer.SerializeToNode(tool, McpJsonUtilities.DefaultOptions)!.AsObject()),
        ];
    }

    /// <summary>The toolsets, each with its tools.</summary>
    public static IReadOnlyList<(string Toolset, IReadOnlyList<JsonObject> Tools)> ByToolset() =>
        [.. ToolsetSelection.Groups.Select(static name => (name, Of(name)))];

    private static ServerContext Context(string toolsets)
    {
        const string None = "test";
        var options = new ServerOptions(
            new(TransportMode.Stdio, None),
            new("127.0.0.1", None),
            new(0, None),
            new(RepositoryFiles.Root, None),
            new(RepositoryFiles.Find("mcp_startup.json"), None),
            new(false, None),
            new(null, None),
            new(toolsets, None)
        );
        return new ServerContext(
            options,
            TransportMode.Stdio,
            new WorkspacePaths(RepositoryFiles.Root),
            new TrustDecision(false, None),
            []
        );
    }
}
