using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>What a stage of a workflow would be.</summary>
/// <param name="Stage">The stage, with its gates and what a failure does.</param>
/// <param name="Steps">Its steps, in order.</param>
/// <param name="Sync">The sync commands at its end; none where it is no sync point.</param>
public sealed record PlannedStage(WorkflowStage Stage, IReadOnlyList<PlannedStep> Steps, IReadOnlyList<WorkflowCommand> Sync)
{
    /// <summary>Whether what its isolated steps changed comes into the workspace between its gates and its sync commands.</summary>
    public bool HasLanding => Steps.Any(static step => step.Step.Isolated);
}
