using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Mcp.Tools.Workflows;

/// <summary>What a stage of a workflow would do. <c>rework_to</c> and <c>retries</c> are there where <c>on_failure</c> uses them.</summary>
internal sealed record WorkflowPlanStageResult(
    string Name,
    string Kind,
    bool Parallel,
    IReadOnlyList<WorkflowPlanStepResult> Steps,
    IReadOnlyList<WorkflowPlanCommandResult> Gates,
    IReadOnlyList<WorkflowPlanCommandResult> Sync,
    string OnFailure,
    string? ReworkTo,
    int? Retries
)
{
    public static WorkflowPlanStageResult From(PlannedStage planned) =>
        new(
            planned.Stage.Name,
            planned.Stage.Kind.Name(),
            planned.Stage.Parallel,
            planned.Steps.Select(WorkflowPlanStepResult.From).ToList(),
            planned.Stage.Gates.Select(WorkflowPlanCommandResult.From).ToList(),
            planned.Sync.Select(WorkflowPlanCommandResult.From).ToList(),
            planned.Stage.OnFailure.Action.Name(),
            planned.Stage.OnFailure.ReworkTo,
            planned.Stage.OnFailure.Action == FailureAction.Retry ? planned.Stage.OnFailure.MaxRetries : null
        );
}
