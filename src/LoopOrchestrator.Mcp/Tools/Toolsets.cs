using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Served;
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
    private static readonly Dictionary<string, ToolClass[]> Groups = new(StringComparer.Ordinal)
    {
        ["runs"] = [ToolClass.Of<RunTools>("run_mode", "get_run", "list_runs", "cancel_run", "claim_run", "complete_run", "answer_run")],
        ["schedules"] = [ToolClass.Of<ScheduleTools>("list_schedules", "trigger_schedule", "save_schedule")],
        ["timing"] = [ToolClass.Of<TimingTools>("log_timing", "get_timing")],
        ["memory"] = [ToolClass.Of<MemoryTools>("append_memory", "read_memory", "search_memory")],
        ["planning"] = [ToolClass.Of<PlanningTools>("list_modes", "list_todos", "update_todo")],
        ["system"] = [ToolClass.Of<StatusTools>("get_status"), ToolClass.Of<EscalationTools>("resolve_escalation")],
        ["maintenance"] =
        [
            ToolClass.Of<ScheduleMaintenanceTools>("delete_schedule"),
            ToolClass.Of<MemoryMaintenanceTools>("compact_memory"),
            ToolClass.Of<AgentMaintenanceTools>("resume_agent"),
        ],
        ["cycles"] = [ToolClass.Of<CycleTools>("get_cycle", "list_cycles", "cancel_cycle", "rollback_run")],
        ["board"] = [ToolClass.OfApp<BoardTools>(BoardApp.ToolName)],
        ["files"] = [ToolClass.Of<FileTools>("read_file", "list_files", "search_files", "write_file", "backup_file", "restore_file")],
    };

    /// <summary>The tools of a selection that was not refused, in the order of the list, each with its class.</summary>
    /// <param name="selection">As <see cref="ToolsetSelection"/> takes it.</param>
    public static IEnumerable<ToolName> Of(string selection)
    {
        var isOfAgent = ToolsetSelection.IsOfAgent(selection);
        return ToolsetSelection
            .GroupsOf(selection)
            .SelectMany(static group => Groups[group])
            .SelectMany(static tools => tools.Names.Select(name => new ToolName(name, tools)))
            .Where(tool => !isOfAgent || ToolsetSelection.AgentTools.Contains(tool.Name));
    }

    /// <summary>Serves the tools of a selection that was not refused.</summary>
    /// <param name="builder">What they are registered with.</param>
    /// <param name="selection">As <see cref="ToolsetSelection"/> takes it.</param>
    public static IMcpServerBuilder WithToolsets(this IMcpServerBuilder builder, string selection)
    {
        foreach (var tool in Of(selection))
        {
            builder.Services.AddSingleton<McpServerTool>(provider => new DefinedTool(
                tool.Name,
                () => tool.Bind(provider),
                provider.GetService<ServedWorkspaces>()
            ));
        }

        return ToolsetSelection.GroupsOf(selection).Contains("board", StringComparer.Ordinal) ? builder.WithBoardPage() : builder;
    }
}
