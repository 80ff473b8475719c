using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>Runs and cycles: the list, each of them, its output, and what is done with it.</summary>
internal static class RunPages
{
    public const string Path = "/runs";

    /// <summary>Where a run is cancelled.</summary>
    public const string Cancel = "/runs/cancel";

    /// <summary>Where a cycle is cancelled.</summary>
    public const string CancelCycle = "/runs/cancel-cycle";

    /// <summary>Where its schedule is triggered once more.</summary>
    public const string Trigger = "/runs/trigger";

    /// <summary>Where the same work is asked for once more.</summary>
    public const string Again = "/runs/again";

    /// <summary>Where what it changed is taken back.</summary>
    public const string RollBack = "/runs/roll-back";

    /// <summary>What is said behind what was done.</summary>
    public static IReadOnlyDictionary<string, string> Texts { get; } =
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["cancelled"] = "It was told to end; its processes are gone within the kill grace.",
            ["asked"] = "Asked for once more; this is the new run.",
        };

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPage(Path, RunListPage.ShowAsync);
        endpoints.MapPage("/runs/{id}", RunPage.ShowAsync);
        endpoints.MapPage("/runs/{id}/changes", ChangesPage.ShowAsync);
        endpoints.MapPage("/runs/{id}/rollback", RollbackPage.ShowAsync);
        endpoints.MapMethods("/runs/{id}/output", [HttpMethods.Get], (RequestDelegate)RunOutputDownload.ServeAsync);
        endpoints.MapAction(Cancel, "cancel_run", form => CancelAsync(form, isCycle: false));
        endpoints.MapAction(CancelCycle, "cancel_cycle", form => CancelAsync(form, isCycle: true));
        endpoints.MapAction(Trigger, "trigger_schedule", TriggerAsync);
        endpoints.MapAction(Again, "run_mode", AgainAsync);
        endpoints.MapAction(RollBack, "rollback_run", RollbackPage.ApplyAsync);
    }

    /// <summary>The page of a run.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="done">What was done before.</param>
    public static PageUrl Of(string id, string? done = null) => PageUrl.To($"{Path}/{Uri.EscapeDataString(id)}", ("done", done));

    /// <summary>Where it is shown what would be taken back of it.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="done">What was done before.</param>
    public static PageUrl RollbackOf(string id, string? done = null) =>
        PageUrl.To($"{Path}/{Uri.EscapeDataString(id)}/rollback", ("done", done));

    /// <summary>What it changed, line by line.</summary>
    public static PageUrl ChangesOf(string id) => PageUrl.To($"{Path}/{Uri.EscapeDataString(id)}/changes");

    /// <summary>All of its output as a file.</summary>
    public static PageUrl OutputOf(string id) => PageUrl.To($"{Path}/{Uri.EscapeDataString(id)}/output");

    private static async Task<PageAnswer> CancelAsync(PageForm form, bool isCycle)
    {
        var runs = form.Request.Workspace.Runs;
        var run = await runs.GetAsync(form.Text("run_id"), form.Request.Aborted);
        if ((run.Kind == RunKind.Cycle) != isCycle)
        {
            throw new UserErrorException($"{run.Id} is {(isCycle ? "no cycle" : "a cycle")}. Open its page and cancel it there.");
        }

        await runs.CancelAsync(run.Id, "cancelled on its page", form.Request.Aborted);
        return PageAnswer.GoTo(Of(run.Id, "cancelled"));
    }

    private static async Task<PageAnswer> TriggerAsync(PageForm form)
    {
        var run = await form.Request.Workspace.Schedules.TriggerAsync(form.Text("schedule_id"), form.RequestId, form.Request.Aborted);
        return PageAnswer.GoTo(Of(run.Id, "asked"), "run_id", run.Id);
    }

    private static async Task<PageAnswer> AgainAsync(PageForm form)
    {
        var runs = form.Request.Workspace.Runs;
        var run = await runs.GetAsync(form.Text("run_id"), form.Request.Aborted);
        if (!CanBeAskedForAgain(run))
        {
            throw new UserErrorException($"{run.Id} is a part of other work, or goes on. Ask for the whole once more.");
        }

        var again = await runs.RequestAsync(RunRequest.Again(run) with { RequestId = form.RequestId }, form.Request.Aborted);
        return PageAnswer.GoTo(Of(again.Id, "asked"), "run_id", again.Id);
    }

    /// <summary>Whether the same work can be asked for once more by itself.</summary>
    internal static bool CanBeAskedForAgain(Run run) => run is { ScheduleId: null, ParentRunId: null } && run.State.HasEnded();
}
