using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>
/// What is wrong with a workflow that only the modes and agents in force can tell; modes may change while a server runs, so it is asked
/// again at the
/// start of a cycle. Pure.
/// </summary>
public static class WorkflowCheck
{
    /// <summary>Checks every step.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="modes">The modes in force.</param>
    /// <param name="agents">The agents.</param>
    /// <param name="file">What findings call the configuration file.</param>
    /// <param name="whyNoGit">
    /// Why the workspace lies in no git work tree; <see langword="null"/> where it does, or where nobody has looked.
    /// </param>
    /// <returns>Everything at once; with an <see cref="DiagnosticSeverity.Error"/> among them no cycle of the workflow begins.</returns>
    public static IReadOnlyList<Diagnostic> Check(
        WorkflowDefinition workflow,
        ModeCatalog modes,
        AgentCatalog agents,
        string file,
        string? whyNoGit
    )
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(modes);
        ArgumentNullException.ThrowIfNull(agents);
        return
        [
            .. from stage in workflow.Stages
            from step in stage.Steps
            from problem in Problems(stage, step, modes, agents, whyNoGit)
            select new Diagnostic(
                problem.Severity,
                file,
                step.Line,
                Column: null,
                $"workflow {workflow.Name}, stage {stage.Name}, step {step.Name}: {problem.Message}"
            ),
        ];
    }

    private static IEnumerable<(DiagnosticSeverity Severity, string Message)> Problems(
        WorkflowStage stage,
        WorkflowStep step,
        ModeCatalog modes,
        AgentCatalog agents,
        string? whyNoGit
    )
    {
        if (step.Agent is { } agent && agents.Find(agent) is null)
        {
            yield return (DiagnosticSeverity.Error, $"there is no agent '{agent}'; agents here: {string.Join(", ", agents.Names)}");
        }

        if (step.Isolated && whyNoGit is not null)
        {
            yield return (DiagnosticSeverity.Warning, $"it is isolated, which needs a git work tree, and {whyNoGit}");
        }

        if (
            step.Isolated
            && (step.Mode is { } isolated ? agents.FindFor(isolated, step.Agent) : agents.Find(step.Agent ?? ""))
                is { SelfArguments: not null } self
        )
        {
            yield return (
                DiagnosticSeverity.Error,
                $"it is isolated, and agent '{self.Name}' works in the workspace itself; take isolated away from the "
                    + "step, or give it another agent"
            );
        }

        if (step.Mode is not { } slug)
        {
            if (StepModes.Candidates(stage, step, modes, agents).Count == 0)
            {
                yield return (
                    DiagnosticSeverity.Error,
                    stage.Parallel
                        ? $"it runs beside others and names no mode, and every mode of stage {stage.Kind.Name()} may edit; "
                            + "name one that only reads, or take parallel away"
                        : $"it names no mode, and none of stage {stage.Kind.Name()} can be chosen; name one"
                );
            }
        }
        else if (modes.Find(slug) is not { } mode)
        {
            yield return (DiagnosticSeverity.Error, StepModes.Unknown(slug, modes));
        }
        else
        {
            if (stage.Parallel && StepModes.MayEdit(mode))
            {
                yield return (
                    DiagnosticSeverity.Error,
                    $"it runs beside others, and mode {slug} may edit; choose a mode that only reads, or take parallel away from the stage"
                );
            }

            if (!StepModes.MayUse(slug, step, agents) && agents.FindFor(slug, step.Agent) is { } other)
            {
                yield return (
                    DiagnosticSeverity.Error,
                    $"mode {slug} runs configured commands only, and its agent '{other.Name}' is none; give it one of "
                        + $"kind command: \"agent\" of the step, or modes.{slug}.agent"
                );
            }
        }
    }
}
