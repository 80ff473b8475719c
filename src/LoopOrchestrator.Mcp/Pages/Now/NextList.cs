using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Now;

/// <summary>The schedules that fire next.</summary>
internal static class NextList
{
    public static Html Render(PageRequest request, NowView view)
    {
        var hasAny = request.Workspace.Schedules.Source.Schedules.Count > 0;
        return Html.Of(
            $"""
            <section class="panel" id="next" data-part aria-labelledby="next-title"><header><h2 id="next-title">Next</h2>
            <span class="soft small">{view.Life.ActiveSchedules} active</span></header>
            {Html.If(
                !hasAny,
                $"""
                <p class="empty">There is no schedule yet: nothing happens by itself.</p>
                {Html.If(
                    request.May("save_schedule"),
                    $"""<div class="body"><a class="button primary" href="{PageUrl.To("/schedules/new")}">New schedule</a></div>"""
                )}
                """
            )}
            {Html.If(
                hasAny && view.Next.Count == 0,
                $"""
                <p class="empty">Nothing is due: no schedule is active, or each is paused.
                <a href="{PageUrl.To("/schedules")}">Schedules</a></p>
                """
            )}
            {Html.If(view.Next.Count > 0, $"""<ul class="plain rows">{view.Next.Select(one => Row(request, view, one))}</ul>""")}
            </section>
            """
        );
    }

    private static Html Row(PageRequest request, NowView view, ScheduleStatus one)
    {
        var next = one.NextOccurrence!.Value;
        return Html.Of(
            $"""
            <li><div class="row-head"><span>{PageLinks.Schedule(one.Schedule.Id, one.Schedule.Name)}</span>
            <span class="end small">{Moments.Relative(
                next,
                view.At,
                request.Zone
            )}</span></div>
            <div class="facts"><span>{Moments.At(next, view.At, request.Zone)}</span>
            <span>{one.Schedule.Workflow ?? one.Schedule.Mode}</span></div></li>
            """
        );
    }
}
