using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>What trust in a workflow covers: its gates and sync commands, and the agents that its steps name.</summary>
internal static class WorkflowTrust
{
    /// <summary>All entries of a workflow.</summary>
    public static IEnumerable<TrustedEntry> Entries(WorkflowDefinition workflow, string file) =>
        [
            .. workflow.Stages.SelectMany(stage =>
                stage
                    .Steps.Select(step => Step(workflow, stage, step, file))
                    .OfType<TrustedEntry>()
                    .Concat(stage.Gates.Select(gate => Gate(workflow, stage, gate, file)))
            ),
            .. workflow.Sync.Select(command => Sync(workflow, command, file)),
            Guards(workflow, file),
        ];

    /// <summary>Which gates a workflow has, in all of its stages: a stage that is gone has taken its gates with it.</summary>
    public static TrustedEntry Guards(WorkflowDefinition workflow, string file) =>
        TrustedEntry.OfGuards(
            TrustedKind.Gate,
            Place(workflow, file),
            new(
                [$"{Place(workflow, file)}."],
                [.. workflow.Stages.SelectMany(stage => stage.Gates.Select(gate => Gate(workflow, stage, gate, file).Place))]
            )
        );

    /// <summary>The entry of a gate.</summary>
    public static TrustedEntry Gate(WorkflowDefinition workflow, WorkflowStage stage, WorkflowCommand gate, string file) =>
        TrustedEntry.OfCommand(TrustedKind.Gate, $"{Place(workflow, file)}.{stage.Name}.gates.{gate.Name}", gate.Command, gate.ExitCode);

    /// <summary>The entry of a sync command.</summary>
    public static TrustedEntry Sync(WorkflowDefinition workflow, WorkflowCommand command, string file) =>
        TrustedEntry.OfCommand(TrustedKind.Sync, $"{Place(workflow, file)}.sync.{command.Name}", command.Command, command.ExitCode);

    /// <summary>The entry of a step that names its agent.</summary>
    public static TrustedEntry? Step(WorkflowDefinition workflow, WorkflowStage stage, WorkflowStep step, string file) =>
        step.Agent is { } agent
            ? TrustedEntry.OfAgentName(TrustedKind.StepAgent, $"{Place(workflow, file)}.{stage.Name}.steps.{step.Name}.agent", agent)
            : null;

    // In quotes where a name has dots of its own: a place never begins with that of another workflow.
    private static string Place(WorkflowDefinition workflow, string file) =>
        workflow.Name.AsSpan().ContainsAny('.', '"')
            ? $"{file}: workflows.\"{workflow.Name.Replace("\"", "\\\"", StringComparison.Ordinal)}\""
            : $"{file}: workflows.{workflow.Name}";
}
