using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Tools.Runs;

namespace LoopOrchestrator.Mcp.Tools.Cycles;

/// <summary>The answer of <c>get_cycle</c>.</summary>
internal sealed record CycleResult(
    string CycleId,
    string Workflow,
    string State,
    string? Reason,
    string Task,
    string? ScheduleId,
    string Stage,
    int Pass,
    int Reworks,
    int MaxReworks,
    string? Held,
    bool? HasEffect,
    DateTimeOffset CreatedAt,
    DateTimeOffset? StartedAt,
    DateTimeOffset? DeadlineAt,
    DateTimeOffset? EndedAt,
    IReadOnlyList<CycleItemResult> Items,
    IReadOnlyList<DecisionResult> Decisions
)
{
    public static CycleResult From(Workspace workspace, Cycle cycle, IReadOnlyList<RunDecision> decisions) =>
        new(
            cycle.Run.Id,
            cycle.Workflow.Name,
            cycle.Run.State.Name(),
            cycle.Run.Reason,
            cycle.Run.Task,
            cycle.Run.ScheduleId,
            cycle.CurrentStage.Name,
            cycle.Visit,
            cycle.Reworks,
            cycle.Workflow.MaxReworks,
            cycle.HeldReason,
            cycle.HasEffect,
            cycle.Run.CreatedAt,
            cycle.Run.StartedAt,
            cycle.Run.DeadlineAt,
            cycle.Run.EndedAt,
            [.. cycle.Items.Select(item => CycleItemResult.From(workspace, cycle, item))],
            [.. decisions.Select(static decision => new DecisionResult(decision.At, decision.Text))]
        );
}
