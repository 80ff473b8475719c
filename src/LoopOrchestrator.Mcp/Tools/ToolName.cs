using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>A tool as a toolset names it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Class">The class that has it.</param>
internal sealed record ToolName(string Name, ToolClass Class)
{
    /// <inheritdoc cref="ToolClass.Bind"/>
    public McpServerTool Bind(IServiceProvider services) => Class.Bind(Name, services);
}
