using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Core.Workflows.Planning;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>
/// What becomes of an item of a cycle: which run a step is, and what its end and its changes mean. Decides nothing about the cycle.
/// </summary>
internal sealed class CycleSteps(ModeFile modes, AgentCatalog agents, RunFactory runs, TimeProvider time)
{
    private const int MaxNamed = 5;

    /// <summary>What keeps any cycle of a workflow from being begun, by the modes and agents in force.</summary>
    public IReadOnlyList<string> FindErrors(WorkflowDefinition workflow) =>
        [
            .. WorkflowCheck
                .Check(workflow, modes.Catalog, agents, "mcp_startup.json", whyNoGit: null)
                .Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error)
                .Select(static diagnostic => diagnostic.Message),
        ];

    /// <summary>An item that is to be begun, with the mode of a step chosen.</summary>
    /// <exception cref="UserErrorException">The step's mode is not there, or none can be chosen.</exception>
    public CycleItem Prepare(Cycle cycle, CycleItemKind kind, int position, int number)
    {
        var stage = cycle.CurrentStage;
        var item = new CycleItem
        {
            Number = number,
            Visit = cycle.Visit,
            Stage = cycle.Stage,
            Kind = kind,
            Position = position,
            Name = kind switch
            {
                CycleItemKind.Step => stage.Steps[position].Name,
                CycleItemKind.Gate or CycleItemKind.Baseline => stage.Gates[position].Name,
                CycleItemKind.Sync => cycle.Workflow.Sync[position].Name,
                _ => "landing",
            },
            State = CycleItemState.Preparing,
            StartedAt = time.GetUtcNow(),
        };
        if (kind != CycleItemKind.Step)
        {
            return item;
        }

        var step = stage.Steps[position];
        var (mode, why) = StepModes.Choose(stage, step, TaskOf(cycle, step), modes.Catalog, agents);
        return item with { Mode = mode.Slug, Why = why, Pattern = FilePattern.Of(mode) };
    }

    /// <summary>The run of a prepared step, and the item with why it is that one.</summary>
    /// <exception cref="UserErrorException">Its mode or agent is not there any more.</exception>
    public (CycleItem Item, Run Run) CreateRun(Cycle cycle, CycleItem item)
    {
        var step = cycle.Workflow.Stages[item.Stage].Steps[item.Position];
        var (run, why) = runs.CreateStep(cycle.Run, item.Mode!, TaskOf(cycle, step), step.Agent, step.TimeoutSeconds);
        return (item with { RunId = run.Id, Why = $"{item.Why}; {why}" }, run);
    }

    /// <summary>A step as its run's end leaves it, before anything is known of its changes.</summary>
    public static CycleItem CompleteFrom(CycleItem item, Run run) =>
        item with
        {
            State = run.State switch
            {
                RunState.Succeeded when run.IsUnverified => CycleItemState.Interrupted,
                RunState.Succeeded => CycleItemState.Passed,
                RunState.Cancelled => CycleItemState.Cancelled,
                RunState.Interrupted => CycleItemState.Interrupted,
                _ => CycleItemState.Failed,
            },
            Fault =
                run.State != RunState.Failed ? null
                : run.Failure == RunFailure.Configuration ? CycleFault.Missing
                : run.Failure is RunFailure.SignIn or RunFailure.Service ? CycleFault.Service
                : null,
            Reason = run.State == RunState.Succeeded ? run.Reason : $"{run.State.Name()}, {run.Reason}",
            EndedAt = run.EndedAt,
            ExitCode = run.ExitCode,
            Output = run.State == RunState.Succeeded ? null : run.Summary,
        };

    /// <summary>
    /// A step with what its changes mean: by its mode and its workflow they mark it or let it fail. What changed of our own state lets it
    /// fail always.
    /// </summary>
    /// <param name="cycle">Its cycle.</param>
    /// <param name="ended">The step as its end left it.</param>
    /// <param name="foreign">What changed below <c>.loop/</c> while it worked, and was neither its own nor ours.</param>
    public static CycleItem Judge(Cycle cycle, CycleItem ended, IReadOnlyList<string> foreign)
    {
        var item = StepFiles.Check(ended);
        if (foreign.Count > 0)
        {
            var named =
                "it changed what is not its own in .loop: "
                + $"{string.Join(", ", foreign.Take(MaxNamed))}"
                + $"{(foreign.Count > MaxNamed ? $" and {foreign.Count - MaxNamed} more" : "")}";
            return item.State == CycleItemState.Passed
                ? item with
                {
                    State = CycleItemState.Failed,
                    Reason = named,
                }
                : item with
                {
                    Marks = [.. item.Marks, named],
                };
        }

        if (item is not { State: CycleItemState.Passed, Changes: { } changes })
        {
            return item;
        }

        var kind = cycle.Workflow.Stages[item.Stage].Kind;
        var (mark, action) = kind switch
        {
            Stage.Implementation when !changes.Any => ("it was to implement something and changed nothing", cycle.Workflow.IfUnchanged),
            Stage.Validation or Stage.Quality when changes.Any => (
                $"it was only to check and changed {changes.FileCount} file(s): {string.Join(", ", changes.Files.Take(5))}",
                cycle.Workflow.IfCheckChanges
            ),
            _ => (null, EvidenceAction.Mark),
        };
        return mark is null ? item
            : action == EvidenceAction.Mark ? item with { Marks = [.. item.Marks, mark] }
            : item with { State = CycleItemState.Failed, Reason = mark, Marks = [.. item.Marks, mark] };
    }

    private static string TaskOf(Cycle cycle, WorkflowStep step) =>
        TaskTemplate.Fill(step.Task, cycle.Run.Task, cycle.Run.Id, cycle.Run.ScheduleId);
}
