using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>What can be done with a run, as far as it stands and as far as the visitor may.</summary>
internal static class RunActions
{
    public static Html Of(PageRequest request, Run run, Cycle? cycle)
    {
        var (isCycle, isOver) = (run.Kind == RunKind.Cycle, run.State.HasEnded());
        var cancel = new PageButton(isCycle ? "Cancel the cycle" : "Cancel", isCycle ? "cancel_cycle" : "cancel_run") { Style = "danger" };
        var trigger = new PageButton("Trigger its schedule", "trigger_schedule") { IsDoneOnce = true };
        var again = new PageButton("Ask for it again", "run_mode") { IsDoneOnce = true };
        var (id, schedule) = (run.Id, run.ScheduleId ?? "");
        var target = PageUrl.To(isCycle ? RunPages.CancelCycle : RunPages.Cancel);
        return Html.Of(
            $"""
            {Html.If(!isOver && run.CancelReason is null, $"{request.Button(cancel, target, ("run_id", id))}")}
            {Html.If(
                isOver && run is { ScheduleId: not null, ParentRunId: null },
                $"{request.Button(trigger, PageUrl.To(RunPages.Trigger), ("schedule_id", schedule))}"
            )}
            {Html.If(RunPages.CanBeAskedForAgain(run), $"{request.Button(again, PageUrl.To(RunPages.Again), ("run_id", id))}")}
            {Html.If(
                CanBeRolledBack(run, cycle) && request.May("rollback_run"),
                $"""<a class="button" href="{RunPages.RollbackOf(id)}">Take back its changes…</a>"""
            )}
            """
        );
    }

    // By its checkpoints, which steps of cycles alone have; the plan says what can really be taken back.
    private static bool CanBeRolledBack(Run run, Cycle? cycle) =>
        run.State.HasEnded()
        && cycle?.Items.Any(item => item is { Before: not null, After: not null } && (run.Kind == RunKind.Cycle || item.RunId == run.Id))
            == true;
}
