using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>One stage of a workflow: its steps, then its gates.</summary>
/// <param name="Name">Unique in its workflow; the kind's name by default.</param>
/// <param name="Kind">
/// What kind of stage it is: decides where modes are chosen from, which changes are expected, and whether it is a sync point.
/// </param>
public sealed record WorkflowStage(string Name, Stage Kind)
{
    /// <summary>What is done, in order; may be empty where only gates count.</summary>
    public IReadOnlyList<WorkflowStep> Steps { get; init; } = [];

    /// <summary>Whether the steps run side by side; only where the modes of all of them have no permission to edit.</summary>
    public bool Parallel { get; init; }

    /// <summary>What has to pass behind the steps before the cycle goes on, in order.</summary>
    public IReadOnlyList<WorkflowCommand> Gates { get; init; } = [];

    /// <summary>What a failure does.</summary>
    public FailurePolicy OnFailure { get; init; } = new(FailureAction.Stop);

    /// <summary>Whether the workflow's sync commands run at its end: implementation, validation and integration.</summary>
    public bool IsSyncPoint => Kind is Stage.Implementation or Stage.Validation or Stage.Integration;
}
