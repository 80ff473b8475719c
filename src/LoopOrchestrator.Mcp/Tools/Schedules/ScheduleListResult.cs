using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>The answer of <c>list_schedules</c>.</summary>
internal sealed record ScheduleListResult(
    IReadOnlyList<ScheduleResult> Schedules,
    [property: Description("The file that they come from, relative to the workspace.")] string File,
    [property: Description("What is wrong in that file, with line and column.")] IReadOnlyList<string> Findings);
