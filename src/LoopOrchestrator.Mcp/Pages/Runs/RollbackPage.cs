using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>What a run changed is taken back: first it is shown what would be done, file by file; then it is done.</summary>
internal static class RollbackPage
{
    private const int MaxFiles = 500;

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["taken-back"] = "Taken back. How everything was just before is kept in a checkpoint.",
    };

    /// <summary>Shows what would be done. Changes nothing.</summary>
    public static async Task<Page> ShowAsync(PageRequest request)
    {
        if (!request.May("rollback_run"))
        {
            return Notices.Of("Not allowed", "Taking changes back needs a token with the scope admin.", 403);
        }

        var id = request.Context.Request.RouteValues["id"] as string ?? "";
        var plan = await request.Workspace.Cycles.Rollback.PlanAsync(id, request.Aborted);
        var conflicts = plan.Conflicts.Count();
        var label = conflicts == 0 ? "Take them back" : $"Take back all but the {conflicts} that somebody changed since";
        var button = request.Button(
            new PageButton(label, "rollback_run") { Style = "danger" },
            PageUrl.To(RunPages.RollBack),
            ("run_id", id),
            ("skip_conflicts", conflicts == 0 ? "0" : "1")
        );
        var isDone = request.Query("done") is not null;
        var what =
            isDone ? "So the files stand now."
            : plan.ChangesAnything
                ? "Nothing has been changed yet. These files become what they were before it; the present is kept in a checkpoint "
                    + "first, and commits stay."
            : "Nothing has been changed yet, and there is nothing that could be taken back.";
        var body = Html.Of(
            $"""
            <div class="stack">
            {Notices.Done(request.Query("done"), Texts)}
            <p>{what}</p>
            {Files(plan.Items)}
            {NotCovered(plan.NotCovered)}
            <div class="actions">{Html.If(plan.ChangesAnything, $"{button}")}<a class="button" href="{RunPages.Of(id)}">{(
                isDone ? "Back to the run" : "Leave it"
            )}</a></div>
            </div>
            """
        );
        return new Page("Take back its changes", body) { Of = RunPages.Path };
    }

    /// <summary>Does it, by a plan that is made anew.</summary>
    public static async Task<PageAnswer> ApplyAsync(PageForm form)
    {
        var id = form.Text("run_id");
        var rollback = form.Request.Workspace.Cycles.Rollback;
        var plan = await rollback.PlanAsync(id, form.Request.Aborted);
        var result = await rollback.ApplyAsync(plan, form.Text("skip_conflicts") == "1", form.Request.Aborted);
        if (result.IsVerified)
        {
            return PageAnswer.GoTo(RunPages.RollbackOf(id, "taken-back"));
        }

        var body = Html.Of(
            $"""
            <div class="stack">
            <p class="notice bad" role="alert">{result.Failed.Count} files are not as they should be. {(
                result.Safety is { } safety ? $"How everything was just before is kept in checkpoint {safety.Name}." : ""
            )}</p>
            {Files([.. result.Done, .. result.NotDone])}
            {NotCovered(result.NotCovered)}
            <div class="actions"><a class="button" href="{RunPages.Of(id)}">Back to the run</a></div>
            </div>
            """
        );
        return PageAnswer.Show(new Page("Not all of it was taken back", body) { Of = RunPages.Path, Status = 500 });
    }

    private static Html Files(IReadOnlyList<RollbackItem> items) =>
        items.Count == 0
            ? Html.None
            : Panel.Of(
                "files",
                "Files",
                DataTable.Of(
                    "Files",
                    [new DataColumn("File"), new DataColumn("What"), new DataColumn("Why")],
                    items.Take(MaxFiles).Select(Row)
                ),
                items.Count > MaxFiles ? $"the first {MaxFiles} of {items.Count}" : ""
            );

    private static Html[] Row(RollbackItem item) =>
        [Html.Of($"""<span class="mono">{item.Path}</span>"""), What(item.Action), Html.Of($"{item.Reason}")];

    private static Html NotCovered(IReadOnlyList<string> what) =>
        Html.If(
            what.Count > 0,
            $"""<p class="notice wait">Its checkpoints do not hold {string.Join("; ", what)}: nothing of it comes back.</p>"""
        );

    private static Html What(RollbackAction action) =>
        action switch
        {
            RollbackAction.Restore => Badge.Of("run", "comes back"),
            RollbackAction.Remove => Badge.Of("run", "is removed"),
            RollbackAction.Conflict => Badge.Of("wait", "changed since"),
            RollbackAction.AlreadySo => Badge.Of("ok", "as before"),
            _ => Badge.Of("idle", "left"),
        };
}
