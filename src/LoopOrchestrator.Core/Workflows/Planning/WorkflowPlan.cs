using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>
/// What a cycle of a workflow would do, without any of it being done: the dry run. Pure, over the modes and agents given.
/// </summary>
/// <param name="Workflow">The workflow.</param>
/// <param name="Task">What the cycle would be for; <see langword="null"/> where that is not known.</param>
/// <param name="Stages">Its stages, in order.</param>
/// <param name="Diagnostics">What is wrong with it (<see cref="WorkflowCheck"/>).</param>
public sealed record WorkflowPlan(
    WorkflowDefinition Workflow,
    string? Task,
    IReadOnlyList<PlannedStage> Stages,
    IReadOnlyList<Diagnostic> Diagnostics
)
{
    /// <summary>Whether a cycle of it could begin.</summary>
    public bool CanBegin => !Diagnostics.Any(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error);

    /// <summary>Plans.</summary>
    /// <param name="workflow">The workflow.</param>
    /// <param name="task">What the cycle would be for, where that is known.</param>
    /// <param name="modes">The modes in force.</param>
    /// <param name="agents">The agents.</param>
    /// <param name="limits">The limits of runs.</param>
    /// <param name="diagnostics">What <see cref="WorkflowCheck"/> found.</param>
    public static WorkflowPlan Make(
        WorkflowDefinition workflow,
        string? task,
        ModeCatalog modes,
        AgentCatalog agents,
        RunLimits limits,
        IReadOnlyList<Diagnostic> diagnostics
    )
    {
        ArgumentNullException.ThrowIfNull(workflow);
        ArgumentNullException.ThrowIfNull(limits);
        return new WorkflowPlan(
            workflow,
            task,
            [
                .. workflow.Stages.Select(stage => new PlannedStage(
                    stage,
                    [
                        .. stage.Steps.Select(step =>
                            Plan(stage, step, task, modes, agents) with
                            {
                                TimeoutSeconds = Math.Min(step.TimeoutSeconds ?? limits.TimeoutSeconds, workflow.TimeoutSeconds),
                            }
                        ),
                    ],
                    stage.IsSyncPoint ? workflow.Sync : []
                )),
            ],
            diagnostics
        );
    }

    private static PlannedStep Plan(WorkflowStage stage, WorkflowStep step, string? task, ModeCatalog modes, AgentCatalog agents)
    {
        // Ids are made when a cycle begins; until then their placeholders stand for themselves.
        var filled = TaskTemplate.Fill(step.Task, task ?? "{task}", "{cycle}", "{schedule}");
        var planned = new PlannedStep(step, filled) { TimeoutSeconds = 0 };
        try
        {
            if (step.Mode is null && task is null)
            {
                var candidates = StepModes.Candidates(stage, step, modes, agents);
                return planned with
                {
                    Candidates = candidates,
                    Agent = step.Agent is { } named ? agents.Find(named) : null,
                    WhyAgent = step.Agent is null ? null : "the workflow names it",
                };
            }

            var choice = StepModes.Choose(stage, step, filled, modes, agents);
            planned = planned with { Choice = choice };
            var (agent, why) = agents.Resolve(choice.Mode.Slug, step.Agent);
            return planned with { Agent = agent, WhyAgent = step.Agent is null ? why : "the workflow names it" };
        }
        catch (UserErrorException exception)
        {
            return planned with { Problem = exception.Message };
        }
    }
}
