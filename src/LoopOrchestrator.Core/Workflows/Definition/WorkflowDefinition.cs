namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>A workflow: the stages that each of its cycles passes through. Immutable; a cycle keeps the one it began with.</summary>
/// <param name="Name">The name by which schedules call it.</param>
public sealed record WorkflowDefinition(string Name)
{
    /// <summary>The name of the workflow that is always there, and that mode <c>orchestrator</c> means.</summary>
    public const string DefaultName = "default";

    /// <summary>The stages in their order, one at least.</summary>
    public IReadOnlyList<WorkflowStage> Stages { get; init; } = [];

    /// <summary>How often a cycle may go back in all before it escalates; 0 to 10, 2 by default.</summary>
    public int MaxReworks { get; init; } = 2;

    /// <summary>
    /// The time limit of a cycle in seconds, 60 to 86,400; six hours by default. A schedule's own <c>timeoutSeconds</c> goes before it.
    /// </summary>
    public int TimeoutSeconds { get; init; } = 21_600;

    /// <summary>What an implementation step means that changed nothing.</summary>
    public EvidenceAction IfUnchanged { get; init; } = EvidenceAction.Mark;

    /// <summary>What a step of validation or quality means that changed something.</summary>
    public EvidenceAction IfCheckChanges { get; init; } = EvidenceAction.Mark;

    /// <summary>After how many cycles of a schedule in a row without any effect it escalates; 1 to 100, 3 by default.</summary>
    public int IdleCyclesToEscalate { get; init; } = 3;

    /// <summary>What has to succeed at the end of implementation, validation and integration, behind the stage's gates.</summary>
    public IReadOnlyList<WorkflowCommand> Sync { get; init; } = [];
}
