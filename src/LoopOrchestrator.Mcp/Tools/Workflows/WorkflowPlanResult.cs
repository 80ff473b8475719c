using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Mcp.Tools.Workflows;

/// <summary>What a cycle of a workflow would do.</summary>
internal sealed record WorkflowPlanResult(
    string Workflow,
    string? Task,
    bool CanBegin,
    int TimeoutSeconds,
    int MaxReworks,
    string IfUnchanged,
    string IfCheckChanges,
    int IdleCyclesToEscalate,
    IReadOnlyList<WorkflowPlanStageResult> Stages,
    IReadOnlyList<string> Findings
)
{
    public static WorkflowPlanResult From(WorkflowPlan plan) =>
        new(
            plan.Workflow.Name,
            plan.Task,
            plan.CanBegin,
            plan.Workflow.TimeoutSeconds,
            plan.Workflow.MaxReworks,
            plan.Workflow.IfUnchanged.Name(),
            plan.Workflow.IfCheckChanges.Name(),
            plan.Workflow.IdleCyclesToEscalate,
            plan.Stages.Select(WorkflowPlanStageResult.From).ToList(),
            plan.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList()
        );
}
