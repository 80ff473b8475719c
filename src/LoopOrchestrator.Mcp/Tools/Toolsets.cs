using LoopOrchestrator.Core.Findings;
using LoopOrchestrator.Mcp.Tools.Cycles;
using LoopOrchestrator.Mcp.Tools.Escalations;
using LoopOrchestrator.Mcp.Tools.Memory;
using LoopOrchestrator.Mcp.Tools.Planning;
using LoopOrchestrator.Mcp.Tools.Runs;
using LoopOrchestrator.Mcp.Tools.Schedules;
using LoopOrchestrator.Mcp.Tools.Status;
using LoopOrchestrator.Mcp.Tools.Timing;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Tools;

/// <summary>
/// The groups that tools can be served in. A model pays for every tool that it is shown, so what is seldom needed is left out
/// unless it is asked for.
/// </summary>
internal static class Toolsets
{
    /// <summary>All groups that are served when nothing else is asked for.</summary>
    public const string Default = "default";

    /// <summary>Every group.</summary>
    public const string All = "all";

    private static readonly string[] DefaultGroups = ["runs", "schedules", "timing", "memory", "planning", "system"];

    private static readonly Dictionary<string, Action<IMcpServerBuilder>> Groups = new(StringComparer.Ordinal)
    {
        ["runs"] = static builder => builder.WithTools<RunTools>(ToolJsonOptions.Shared),
        ["schedules"] = static builder => builder.WithTools<ScheduleTools>(ToolJsonOptions.Shared),
        ["timing"] = static builder => builder.WithTools<TimingTools>(ToolJsonOptions.Shared),
        ["memory"] = static builder => builder.WithTools<MemoryTools>(ToolJsonOptions.Shared),
        ["planning"] = static builder => builder.WithTools<PlanningTools>(ToolJsonOptions.Shared),
        ["system"] = static builder => builder.WithTools<StatusTools>(ToolJsonOptions.Shared).WithTools<EscalationTools>(ToolJsonOptions.Shared),
        ["maintenance"] = static builder => builder.WithTools<ScheduleMaintenanceTools>(ToolJsonOptions.Shared).WithTools<MemoryMaintenanceTools>(ToolJsonOptions.Shared),
        ["cycles"] = static builder => builder.WithTools<CycleTools>(ToolJsonOptions.Shared),
    };

    /// <summary>What can be asked for.</summary>
    public static IReadOnlyList<string> Names { get; } = [Default, .. Groups.Keys, All];

    /// <summary>Says what is wrong with a selection.</summary>
    /// <param name="selection">Names from <see cref="Names"/>, separated by commas, in any case.</param>
    /// <returns>What is wrong and what to do, or <see langword="null"/>.</returns>
    public static string? Refuse(string selection)
    {
        var names = Split(selection);
        var unknown = names.Where(static name => !Names.Contains(name, StringComparer.Ordinal)).ToList();
        return names.Length == 0 ? $"no toolset is named; use one or more of {string.Join(", ", Names)}, separated by commas."
            : unknown.Count == 0 ? null
            : $"{string.Join(" and ", unknown.Select(static name => $"'{name}'"))} {(unknown.Count == 1 ? "is no toolset" : "are no toolsets")}{Hint(unknown[0])}; use one or more of {string.Join(", ", Names)}, separated by commas.";
    }

    /// <summary>Serves the tools of a selection that was not refused.</summary>
    public static IMcpServerBuilder WithToolsets(this IMcpServerBuilder builder, string selection)
    {
        var names = Split(selection);
        foreach (var (group, add) in Groups)
        {
            if (names.Contains(All, StringComparer.Ordinal)
                || names.Contains(group, StringComparer.Ordinal)
                || (names.Contains(Default, StringComparer.Ordinal) && DefaultGroups.Contains(group, StringComparer.Ordinal)))
            {
                add(builder);
            }
        }

        return builder;
    }

    private static string Hint(string unknown) => NearestName.Find(unknown, Names) is { } near ? $" (did you mean '{near}'?)" : "";

    private static string[] Split(string selection) =>
        selection.ToLowerInvariant().Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
