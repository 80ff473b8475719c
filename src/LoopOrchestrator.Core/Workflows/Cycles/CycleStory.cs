using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>The transitions of a cycle as they stand in the decisions of its run. Pure.</summary>
internal static class CycleStory
{
    /// <summary>Its first stage begins.</summary>
    public static string Begins(WorkflowDefinition workflow) => $"stage '{workflow.Stages[0].Name}' begins";

    /// <summary>An item begins.</summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="item">The item.</param>
    /// <param name="runId">Its run; <see langword="null"/> for a command.</param>
    public static string Begins(Cycle cycle, CycleItem item, string? runId) =>
        Of(cycle, item, runId is null ? "begins" : $"begins as {runId}{(item.Why is null ? "" : $" ({item.Why})")}");

    /// <summary>An item has ended.</summary>
    public static string Ended(Cycle cycle, CycleItem item)
    {
        var (reason, changes) = (item.Reason is null ? "" : $": {item.Reason}", item.Changes is null ? "" : $"; {item.Changes}");
        return Of(cycle, item, $"{item.State.Name()}{reason}{changes}{string.Concat(item.Marks.Select(static mark => $"; note: {mark}"))}");
    }

    /// <summary>The next stage begins.</summary>
    public static string Advances(Cycle cycle, int stage) =>
        $"stage '{cycle.CurrentStage.Name}' is done; stage '{cycle.Workflow.Stages[stage].Name}' begins";

    /// <summary>It goes back to a stage.</summary>
    public static string GoesBack(Cycle cycle, CycleMove.GoBack back)
    {
        var failed = $"{back.Failure.What} failed ({back.Failure.Reason})";
        return back.IsRework
            ? $"rework {cycle.Reworks + 1} of {cycle.Workflow.MaxReworks}: {failed}; "
                + $"back to stage '{cycle.Workflow.Stages[back.Stage].Name}'"
            : $"retry {cycle.Retries + 1} of {cycle.CurrentStage.OnFailure.MaxRetries} of stage '{cycle.CurrentStage.Name}': {failed}";
    }

    /// <summary>It ends.</summary>
    public static string Ends(CycleVerdict verdict) =>
        $"the cycle ends: {verdict.State.Name()}, {verdict.Reason}{(verdict.Escalates ? "; it escalates" : "")}";

    private static string Of(Cycle cycle, CycleItem item, string what) =>
        $"{CycleRules.Describe(cycle.Workflow.Stages[item.Stage], item)} {what}";
}
