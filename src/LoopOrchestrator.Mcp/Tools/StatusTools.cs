using System.ComponentModel;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>The tools about the server itself.</summary>
[McpServerToolType]
internal sealed class StatusTools(ServerContext context)
{
    [McpServerTool(
        Name = "get_status",
        Title = "Server status",
        ReadOnly = true,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true)]
    [Description("Says which server and workspace this is, how it is reached, and whether the workspace's commands and agents may be executed. Call it first.")]
    public StatusResult GetStatus(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        return new StatusResult(
            Product.Name,
            Product.Version,
            context.Paths.Root,
            context.Mode == TransportMode.Stdio ? "stdio" : "http",
            context.Trust.Trusted,
            context.Trust.Source);
    }
}
