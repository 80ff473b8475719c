using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>What is done with one schedule.</summary>
internal static class ScheduleActions
{
    /// <summary>The name of the field that says which page to go back to.</summary>
    public const string FromField = "from";

    /// <param name="request">Who asks.</param>
    /// <param name="status">The schedule.</param>
    /// <param name="isWhole">Whether this is its own page, which has all of them.</param>
    public static Html Of(PageRequest request, ScheduleStatus status, bool isWhole)
    {
        var schedule = status.Schedule;
        var from = isWhole ? SchedulePages.Show : SchedulePages.Root;
        var isPaused = status.Paused is not null;
        return Html.Of(
            $"""
            {Html.If(
                status.IsEscalated,
                $"""
                <a class="button primary" href="{PageUrl.Start.At("needs")}">Resolve…<span class="hidden"> {schedule.Name}</span></a>
                """
            )}
            {Html.If(
                !status.IsEscalated,
                $"{Button(request, status, "Run now", "trigger_schedule", SchedulePages.Trigger, from)}"
            )}
            {Html.If(
                !status.IsEscalated && (schedule.Active || isPaused),
                $"{Button(
                    request,
                    status,
                    isPaused ? "Resume" : "Pause",
                    SchedulePages.SaveTool,
                    isPaused ? SchedulePages.Resume : SchedulePages.Pause,
                    from
                )}"
            )}
            {Html.If(
                request.May(SchedulePages.SaveTool),
                $"""
                <a class="button" href="{PageUrl.To(SchedulePages.Edit, ("id", schedule.Id))}">Edit<span class="hidden">
                {schedule.Name}</span></a>
                """
            )}
            {Html.If(
                isWhole && request.May("delete_schedule"),
                $"""<a class="button danger" href="{PageUrl.To(SchedulePages.Delete, ("id", schedule.Id))}">Delete…</a>"""
            )}
            """
        );
    }

    private static Html Button(PageRequest request, ScheduleStatus status, string label, string tool, string target, string from) =>
        request.Button(
            new PageButton(label, tool)
            {
                About = status.Schedule.Name,
                Id = $"{label} {status.Schedule.Id}".Replace(' ', '-'),
                IsDoneOnce = target == SchedulePages.Trigger,
            },
            PageUrl.To(target),
            (SchedulePages.IdField, status.Schedule.Id),
            (FromField, from)
        );
}
