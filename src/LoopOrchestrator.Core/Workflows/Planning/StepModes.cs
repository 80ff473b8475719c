using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>The modes that the steps of a workflow may have. Pure, over the modes and agents given.</summary>
internal static class StepModes
{
    /// <summary>
    /// Whether a step may work in a mode with its agent: what is released or deployed reaches other people at once, so in a cycle, where
    /// nobody looks
    /// on, only a command that a person has configured does it.
    /// </summary>
    public static bool MayUse(string slug, WorkflowStep step, AgentCatalog agents)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(agents);
        return !CommandOnlyModes.Include(slug)
            || agents.FindFor(slug, step.Agent) is { Kind: AgentKind.Command, Name: not AgentDefinition.CommitsName };
    }

    /// <summary>Whether a mode may change files, be it only some.</summary>
    public static bool MayEdit(Mode mode)
    {
        ArgumentNullException.ThrowIfNull(mode);
        return mode.Groups.Any(static group => group.Name == ModeGroup.Edit);
    }

    /// <summary>The mode of a step and why: the one that it names, else the one that its task chooses among those of its stage.</summary>
    /// <param name="stage">The stage.</param>
    /// <param name="step">One of its steps.</param>
    /// <param name="task">The step's task with everything put in.</param>
    /// <param name="modes">The modes in force.</param>
    /// <param name="agents">The agents.</param>
    /// <exception cref="UserErrorException">There is no such mode, or none to choose from.</exception>
    public static ModeChoice Choose(WorkflowStage stage, WorkflowStep step, string task, ModeCatalog modes, AgentCatalog agents)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(modes);
        if (step.Mode is { } slug)
        {
            return modes.Find(slug) is { } named
                ? new ModeChoice(named, $"mode {slug}: the workflow names it")
                : throw new UserErrorException(Unknown(slug, modes));
        }

        var candidates = Candidates(stage, step, modes, agents);
        return candidates.Count > 0
            ? ModeChoice.Choose(task, candidates)
            : throw new UserErrorException(
                $"Step {step.Name} of stage {stage.Name} names no mode, and none of stage {stage.Kind.Name()} "
                    + $"{(stage.Parallel ? "works without permission to edit, as steps side by side must" : "can be chosen")}. Name one."
            );
    }

    /// <summary>
    /// What a step that names no mode chooses from, in the order of the modes: those of the stage; of a stage whose steps run side by side
    /// only those
    /// that do not edit; and the modes that run commands only where the agent is a command.
    /// </summary>
    public static IReadOnlyList<Mode> Candidates(WorkflowStage stage, WorkflowStep step, ModeCatalog modes, AgentCatalog agents)
    {
        ArgumentNullException.ThrowIfNull(stage);
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(modes);
        ArgumentNullException.ThrowIfNull(agents);
        return
        [
            .. modes.All.Where(mode => mode.Stage == stage.Kind && !(stage.Parallel && MayEdit(mode)) && MayUse(mode.Slug, step, agents)),
        ];
    }

    internal static string Unknown(string slug, ModeCatalog modes) => $"there is no mode '{slug}'; {UnknownMode.Hint(slug, modes)}";
}
