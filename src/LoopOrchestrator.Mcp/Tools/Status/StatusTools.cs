using System.ComponentModel;
using LoopOrchestrator.Core;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Calls;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>The tools about the server itself.</summary>
[McpServerToolType]
internal sealed class StatusTools(Workspace workspace, ServerContext context)
{
    [McpMeta(ToolMeta.AlwaysLoad, true)]
    [McpServerTool(
        Name = "get_status",
        Title = "Server status",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Says how the workspace stands: what needs a person, what runs and waits, what is due next, which process fires schedules, "
            + "whether programs may be started, what is wrong in the files. Call it first."
    )]
    public async Task<StatusResult> GetStatusAsync(CancellationToken cancellationToken) =>
        StatusResult.From(
            await workspace.Status.ReadAsync(cancellationToken),
            workspace.Paths.Root,
            context.Mode == TransportMode.Stdio ? "stdio" : "http",
            context.Trust.Source,
            [.. Served(), .. context.Warnings]
        );

    // Of a server of several, what one of them should know of the others.
    private IEnumerable<string> Served() =>
        context.Served?.All.Select(one =>
            one.Name == context.ServedName ? $"workspaces: '{one.Name}' is this one"
            : one.Problem is { } problem ? $"workspaces: '{one.Name}' ({one.Folder}) is not served: {problem}"
            : $"workspaces: '{one.Name}' ({one.Folder}) is served too"
        ) ?? [];
}
