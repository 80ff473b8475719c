using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Mcp.Tools.Cycles;

/// <summary>One execution of a step, gate, landing or sync command.</summary>
internal sealed record CycleItemResult(
    int Number,
    int Pass,
    string Stage,
    string Kind,
    string Name,
    string State,
    string? Reason,
    string? Mode,
    string? Why,
    string? RunId,
    int? ExitCode,
    string? Changes,
    IReadOnlyList<string>? ChangedFiles,
    IReadOnlyList<string>? Commits,
    IReadOnlyList<string>? Notes,
    string? Output,
    string? OutputFile,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt
)
{
    public static CycleItemResult From(Workspace workspace, Cycle cycle, CycleItem item) =>
        new(
            item.Number,
            item.Visit,
            cycle.Workflow.Stages[item.Stage].Name,
            item.Kind.Name(),
            item.Name,
            item.State.Name(),
            item.Reason,
            item.Mode,
            item.Why,
            item.RunId,
            item.ExitCode,
            item.Changes?.ToString(),
            item.Changes is { Files.Count: > 0 } changed ? changed.Files : null,
            item.Changes is { Commits.Count: > 0 } committed ? committed.Commits : null,
            item.Marks.Count > 0 ? item.Marks : null,
            item.State == CycleItemState.Passed ? null : item.Output,
            item.State != CycleItemState.Passed && workspace.Cycles.OutputFile(cycle, item) is { } file
                ? workspace.Paths.Display(file)
                : null,
            item.StartedAt,
            item.EndedAt
        );
}
