using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Tools.Board;
using LoopOrchestrator.Mcp.Tools.Cycles;
using LoopOrchestrator.Mcp.Tools.Escalations;
using LoopOrchestrator.Mcp.Tools.Files;
using LoopOrchestrator.Mcp.Tools.Memory;
using LoopOrchestrator.Mcp.Tools.Planning;
using LoopOrchestrator.Mcp.Tools.Runs;
using LoopOrchestrator.Mcp.Tools.Schedules;
using LoopOrchestrator.Mcp.Tools.Status;
using LoopOrchestrator.Mcp.Tools.Timing;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>The tools of each group that <see cref="ToolsetSelection"/> knows.</summary>
internal static class Toolsets
{
    private static readonly Dictionary<string, Action<IMcpServerBuilder>> Groups = new(StringComparer.Ordinal)
    {
        ["runs"] = static builder => builder.WithTools<RunTools>(ToolJsonOptions.Shared),
        ["schedules"] = static builder => builder.WithTools<ScheduleTools>(ToolJsonOptions.Shared),
        ["timing"] = static builder => builder.WithTools<TimingTools>(ToolJsonOptions.Shared),
        ["memory"] = static builder => builder.WithTools<MemoryTools>(ToolJsonOptions.Shared),
        ["planning"] = static builder => builder.WithTools<PlanningTools>(ToolJsonOptions.Shared),
        ["system"] = static builder =>
            builder.WithTools<StatusTools>(ToolJsonOptions.Shared).WithTools<EscalationTools>(ToolJsonOptions.Shared),
        ["maintenance"] = static builder =>
            builder
                .WithTools<ScheduleMaintenanceTools>(ToolJsonOptions.Shared)
                .WithTools<MemoryMaintenanceTools>(ToolJsonOptions.Shared)
                .WithTools<AgentMaintenanceTools>(ToolJsonOptions.Shared),
        ["cycles"] = static builder => builder.WithTools<CycleTools>(ToolJsonOptions.Shared),
        ["board"] = static builder => BoardApp.AddTo(builder, ToolJsonOptions.Shared),
        ["files"] = static builder => builder.WithTools<FileTools>(ToolJsonOptions.Shared),
    };

    /// <summary>Serves the tools of a selection that was not refused.</summary>
    /// <param name="builder">What they are registered with.</param>
    /// <param name="selection">As <see cref="ToolsetSelection"/> takes it.</param>
    public static IMcpServerBuilder WithToolsets(this IMcpServerBuilder builder, string selection)
    {
        foreach (var group in ToolsetSelection.GroupsOf(selection))
        {
            Groups[group](builder);
        }

        if (ToolsetSelection.IsOfAgent(selection))
        {
            builder.Services.PostConfigure<McpServerOptions>(static options => KeepOnly(options, ToolsetSelection.AgentTools));
        }

        return builder;
    }

    private static void KeepOnly(McpServerOptions options, IReadOnlySet<string> names)
    {
        foreach (var tool in options.ToolCollection?.Where(tool => !names.Contains(tool.ProtocolTool.Name)).ToList() ?? [])
        {
            options.ToolCollection!.Remove(tool);
        }
    }
}
