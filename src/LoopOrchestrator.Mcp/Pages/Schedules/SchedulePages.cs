using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>The schedules: where each stands and why, what became of its moments, when it is due, and what is done with it.</summary>
internal static class SchedulePages
{
    public const string Root = "/schedules";
    public const string Show = Root + "/show";
    public const string Edit = Root + "/edit";
    public const string New = Root + "/new";
    public const string Delete = Root + "/delete";
    public const string Save = Root + "/save";
    public const string Pause = Root + "/pause";
    public const string Resume = Root + "/resume";
    public const string Trigger = Root + "/trigger";

    /// <summary>The tool that changes schedules; pausing one and letting it go on needs the same scope.</summary>
    public const string SaveTool = "save_schedule";

    /// <summary>The name of the field that says which one is meant.</summary>
    public const string IdField = "schedule_id";

    private const string Id = "id";
    private const string PausedByHand = "by hand, on the dashboard";
    private const int MaxShown = 200;

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["paused"] = "Paused. What waited of it is dropped; what runs goes on.",
        ["resumed"] = "It goes on with its next due moment.",
        ["saved"] = "Saved; it counts at once.",
        ["same"] = "Nothing to save: it says so already.",
        ["deleted"] = "Removed from the file; the file's former bytes are in .loop/backups.",
        ["triggered"] = "Its work is in the queue.",
    };

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPage(Root, ListAsync);
        endpoints.MapPage(Show, ShowAsync);
        endpoints.MapPage(New, static request => Task.FromResult(ScheduleForm.Of(request, ScheduleValues.New)));
        endpoints.MapPage(Edit, EditAsync);
        endpoints.MapPage(Delete, ConfirmAsync);
        endpoints.MapAction(Save, SaveTool, ScheduleForm.SaveAsync);
        endpoints.MapAction(Pause, SaveTool, PauseAsync);
        endpoints.MapAction(Resume, SaveTool, ResumeAsync);
        endpoints.MapAction(Trigger, "trigger_schedule", TriggerAsync);
        endpoints.MapAction(Delete, "delete_schedule", DeleteAsync);
    }

    private static async Task<Page> ListAsync(PageRequest request)
    {
        var began = request.Time.GetTimestamp();
        var schedules = await request.Workspace.Status.ExplainedSchedulesAsync(request.Aborted);
        var states = await request.Workspace.Schedules.Ledger.StatesAsync(request.Aborted);
        var reading = request.Time.GetElapsedTime(began);
        var isAllPaused =
            states.GetValueOrDefault(ScheduleState.AllSchedules) is { PausedAt: not null } all && !(all.PausedUntil <= request.Now);
        return new Page("Schedules", ScheduleList.Render(request, schedules, MaxShown, Notices.Done(request.Query("done"), Texts)))
        {
            Of = Root,
            IsLive = true,
            Reading = reading,
            Actions = Html.Of(
                $"""
                {Html.If(request.May(SaveTool), $"""<a class="button primary" href="{PageUrl.To(New)}">New schedule</a>""")}
                {Html.If(
                    schedules.Count > 0,
                    $"{(isAllPaused
                        ? request.Button(new PageButton("Resume all", SaveTool), PageUrl.To(Resume), (IdField, ScheduleState.AllSchedules))
                        : request.Button(new PageButton("Pause all", SaveTool), PageUrl.To(Pause), (IdField, ScheduleState.AllSchedules)))}"
                )}
                """
            ),
        };
    }

    private static async Task<Page> ShowAsync(PageRequest request)
    {
        var began = request.Time.GetTimestamp();
        var status = await FindAsync(request);
        var history = await ScheduleHistory.ReadAsync(request.Workspace, status, request.Aborted);
        var reading = request.Time.GetElapsedTime(began);
        return new Page(status.Schedule.Name, ScheduleDetail.Render(request, history, Notices.Done(request.Query("done"), Texts)))
        {
            Of = Root,
            IsLive = true,
            Reading = reading,
            Actions = ScheduleActions.Of(request, status, isWhole: true),
        };
    }

    private static async Task<Page> EditAsync(PageRequest request) =>
        ScheduleForm.Of(request, ScheduleValues.Of((await FindAsync(request)).Schedule, request.Zone));

    private static async Task<Page> ConfirmAsync(PageRequest request)
    {
        var schedule = (await FindAsync(request)).Schedule;
        return new Page(
            $"Delete {schedule.Name}?",
            Html.Of(
                $"""
                <section class="panel narrow"><div class="body stack"><p>It is removed from the file, and what waits of it is dropped.
                Queued and running runs of it are left. The file's former bytes are kept in <code>.loop/backups</code>.</p>
                <div class="actions">{request.Button(
                    new PageButton("Delete it", "delete_schedule") { Style = "danger" },
                    PageUrl.To(Delete),
                    (IdField, schedule.Id)
                )}<a class="button" href="{PageUrl.To(Show, (Id, schedule.Id))}">Keep it</a></div></div></section>
                """
            )
        )
        {
            Of = Root,
        };
    }

    private static async Task<PageAnswer> PauseAsync(PageForm form)
    {
        await form.Request.Workspace.Schedules.PauseAsync(form.Text(IdField), PausedByHand, form.Request.Aborted);
        return PageAnswer.GoTo(Back(form, "paused"));
    }

    private static async Task<PageAnswer> ResumeAsync(PageForm form)
    {
        await form.Request.Workspace.Schedules.ResumeAsync(form.Text(IdField), form.Request.Aborted);
        return PageAnswer.GoTo(Back(form, "resumed"));
    }

    private static async Task<PageAnswer> TriggerAsync(PageForm form)
    {
        var run = await form.Request.Workspace.Schedules.TriggerAsync(form.Text(IdField), form.RequestId, form.Request.Aborted);
        return PageAnswer.GoTo(Back(form, "triggered"), "run_id", run.Id);
    }

    private static async Task<PageAnswer> DeleteAsync(PageForm form)
    {
        await form.Request.Workspace.Schedules.DeleteAsync(form.Text(IdField), form.Request.Aborted);
        return PageAnswer.GoTo(PageUrl.To(Root, ("done", "deleted")));
    }

    private static PageUrl Back(PageForm form, string done) =>
        form.Text(ScheduleActions.FromField) == Show
            ? PageUrl.To(Show, (Id, form.Text(IdField)), ("done", done))
            : PageUrl.To(Root, ("done", done));

    private static async Task<ScheduleStatus> FindAsync(PageRequest request)
    {
        var id = request.Query(Id) ?? "";
        var schedules = await request.Workspace.Status.ExplainedSchedulesAsync(request.Aborted);
        return schedules.FirstOrDefault(one => one.Schedule.Id == id)
            ?? throw new UserErrorException($"There is no schedule '{id}'; perhaps it was removed.");
    }
}
