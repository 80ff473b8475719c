using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Planning;

/// <summary>A plan as text for people: what happens in which order, and what a failure does.</summary>
public static class WorkflowPlanText
{
    /// <summary>Writes it; lines end with a line feed. Texts of others stand in it as they are, but for line ends.</summary>
    public static string Write(WorkflowPlan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        var text = new StringBuilder();
        var workflow = plan.Workflow;
        Line(text, 0, $"Workflow {workflow.Name}{(plan.Task is null ? "" : $", for: {RunTitle.Of(plan.Task)}")}");
        Line(text, 0, $"A cycle has {Length(workflow.TimeoutSeconds)} in all and goes back {workflow.MaxReworks} times at most.");
        Line(
            text,
            0,
            $"An implementation step that changes nothing {Means(workflow.IfUnchanged)}; a step of validation or quality "
                + $"that changes something {Means(workflow.IfCheckChanges)}."
        );
        Line(text, 0, $"{workflow.IdleCyclesToEscalate} cycles of a schedule in a row without any effect escalate.");
        for (var index = 0; index < plan.Stages.Count; index++)
        {
            text.Append('\n');
            Write(text, plan.Stages[index], index + 1, workflow);
        }

        if (plan.Diagnostics.Count > 0)
        {
            Line(text, 0, "\nWhat is wrong with it:");
            foreach (var diagnostic in plan.Diagnostics)
            {
                Line(text, 1, diagnostic.ToString());
            }
        }

        return text.ToString();
    }

    /// <summary>What a failure of a stage does, as the end of a sentence that begins with the failure.</summary>
    internal static string OnFailure(FailurePolicy policy, WorkflowDefinition workflow) =>
        policy.Action switch
        {
            FailureAction.Rework =>
                $"back to stage {policy.ReworkTo} with what failed; after {workflow.MaxReworks} reworks in all the cycle "
                    + "fails and escalates",
            FailureAction.Retry => $"the stage begins anew, {policy.MaxRetries} times at most; then the cycle fails",
            FailureAction.Escalate => "the cycle fails and escalates at once",
            FailureAction.Continue => "it stays on record and the next stage begins (a failed sync command ends the cycle)",
            _ => "the cycle fails",
        };

    private static void Write(StringBuilder text, PlannedStage planned, int number, WorkflowDefinition workflow)
    {
        var stage = planned.Stage;
        Line(
            text,
            0,
            $"{number}. {stage.Name}{(stage.Name == stage.Kind.Name() ? "" : $" ({stage.Kind.Name()})")}"
                + $"{(stage.Parallel && stage.Steps.Count > 1 ? ", its steps side by side" : "")}"
        );
        foreach (var step in planned.Steps)
        {
            Write(text, step);
        }

        foreach (var gate in stage.Gates)
        {
            Line(text, 1, $"gate {Describe(gate)}");
        }

        if (planned.HasLanding)
        {
            Line(text, 1, "landing: what the isolated steps changed comes into the workspace");
        }

        foreach (var sync in planned.Sync)
        {
            Line(text, 1, $"sync {Describe(sync)}");
        }

        Line(text, 1, $"on failure: {OnFailure(stage.OnFailure, workflow)}");
    }

    private static void Write(StringBuilder text, PlannedStep planned)
    {
        var step = planned.Step;
        Line(text, 1, $"step {step.Name}");
        Line(
            text,
            2,
            planned.Choice is { } choice ? choice.Why
                : planned.Candidates.Count > 0
                    ? $"mode by the task, of {string.Join(", ", planned.Candidates.Select(static mode => mode.Slug))}"
                : $"mode {step.Mode ?? "by the task"}"
        );
        Line(text, 2, planned.Agent is { } agent ? $"agent {agent.Name}: {planned.WhyAgent}" : "agent of the mode");
        if (planned.Agent is { } executing)
        {
            Line(text, 2, Executes(executing));
        }

        if (planned.Problem is { } problem)
        {
            Line(text, 2, $"cannot begin: {problem}");
        }

        Line(text, 2, $"task: {RunTitle.Of(planned.Task)}");
        Line(text, 2, $"at most {Length(planned.TimeoutSeconds)}{(step.Isolated ? ", in a git work tree of its own" : "")}");
    }

    private static string Executes(AgentDefinition agent) =>
        agent.Kind switch
        {
            AgentKind.Handoff => "waits to be claimed: a connected client's own agent does the work",
            AgentKind.Command when agent.SelfArguments is not null => "runs this program: commit --apply",
            AgentKind.Command => $"runs {CommandText.Of(agent.Command)}",
            _ => $"runs {CommandText.Of([.. agent.Command.Count > 0 ? agent.Command : [agent.Preset ?? ""], .. agent.Arguments])}"
                + $" with the brief{(agent.Preset is null ? "" : $", as preset {agent.Preset} calls it")}",
        };

    private static string Describe(WorkflowCommand command) =>
        $"{string.Join(": ", CommandText.Named(command))} has to end with exit code "
        + $"{command.ExitCode} within {Length(command.TimeoutSeconds)}";

    private static string Means(EvidenceAction action) => action == EvidenceAction.Fail ? "has failed" : "is marked";

    private static void Line(StringBuilder text, int depth, string line)
    {
        var start = line.Length - line.TrimStart('\n').Length;
        text.Append('\n', start).Append(' ', 3 * depth).Append(CultureInfo.InvariantCulture, $"{line[start..].ReplaceLineEndings(" ")}\n");
    }

    // In the largest unit that says it exactly, as people think of limits.
    private static string Length(int seconds) =>
        seconds switch
        {
            _ when seconds % 3600 == 0 => $"{seconds / 3600} h",
            _ when seconds % 60 == 0 => $"{seconds / 60} min",
            _ => $"{seconds} s",
        };
}
