using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Mcp.Tools.Cycles;

/// <summary>A cycle as a line of a list: what it came to, so that progress over cycles is seen.</summary>
internal sealed record CycleRow(
    string CycleId,
    string Workflow,
    string State,
    string Title,
    string? ScheduleId,
    string Stage,
    int Reworks,
    int Steps,
    int FilesChanged,
    int Commits,
    bool? HasEffect,
    string? Reason,
    DateTimeOffset CreatedAt,
    DateTimeOffset? EndedAt
)
{
    public static CycleRow From(Cycle cycle) =>
        new(
            cycle.Run.Id,
            cycle.Workflow.Name,
            cycle.Run.State.Name(),
            RunTitle.Of(cycle.Run.Task),
            cycle.Run.ScheduleId,
            cycle.CurrentStage.Name,
            cycle.Reworks,
            cycle.Items.Count(static item => item.Kind == CycleItemKind.Step),
            cycle
                .Items.Where(static item => item is { Kind: CycleItemKind.Step, Changes: not null })
                .SelectMany(static item => item.Changes!.Files)
                .Distinct(StringComparer.Ordinal)
                .Count(),
            cycle
                .Items.Where(static item => item is { Kind: CycleItemKind.Step, Changes: not null })
                .Sum(static item => item.Changes!.Commits.Count),
            cycle.HasEffect,
            cycle.Run.Reason ?? cycle.HeldReason,
            cycle.Run.CreatedAt,
            cycle.Run.EndedAt
        );
}
