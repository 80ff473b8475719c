using System.Globalization;
using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Reports;

/// <summary>A cycle as the stages that it goes through and its ways back. Pure.</summary>
public static class CyclePlot
{
    /// <summary>Draws it.</summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="id">The drawing's id on its page.</param>
    public static Drawing Draw(Cycle cycle, string id)
    {
        ArgumentNullException.ThrowIfNull(cycle);
        return Plot.Stages(
            new PlotName(id, $"Stages of workflow {cycle.Workflow.Name}"),
            [.. cycle.Workflow.Stages.Select((stage, index) => new StageMark(stage.Name, StateOf(cycle, index), Detail(stage)))],
            Backs(cycle)
        );
    }

    /// <summary>How often it went back, by the passes that its items belong to.</summary>
    internal static IReadOnlyList<StageBack> Backs(Cycle cycle)
    {
        // The pass that goes on may have no item yet.
        var stages = cycle
            .Items.GroupBy(static item => item.Visit)
            .ToDictionary(static visit => visit.Key, static visit => visit.First().Stage);
        stages[cycle.Visit] = cycle.Stage;
        var path = stages.OrderBy(static visit => visit.Key).Select(static visit => visit.Value).ToList();
        return
        [
            .. path.Zip(path.Skip(1))
                .Where(static step => step.Second <= step.First)
                .GroupBy(static step => step)
                .Select(static same => new StageBack(same.Key.First, same.Key.Second, same.Count())),
        ];
    }

    private static StageState StateOf(Cycle cycle, int stage) =>
        cycle.Run.State == RunState.Succeeded || stage < cycle.Stage ? StageState.Done
        : stage > cycle.Stage ? StageState.Ahead
        : cycle.Run.State switch
        {
            RunState.Cancelled => StageState.Cancelled,
            RunState.Failed or RunState.TimedOut or RunState.Interrupted => StageState.Failed,
            RunState.NeedsInput => StageState.Held,
            _ => cycle.HeldSince is null ? StageState.Running : StageState.Held,
        };

    private static string Detail(WorkflowStage stage)
    {
        string[] parts = [Count(stage.Steps.Count, "step"), Count(stage.Gates.Count, "gate")];
        return string.Join(", ", parts.Where(static part => part.Length > 0));
    }

    private static string Count(int count, string what) =>
        count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");
}
