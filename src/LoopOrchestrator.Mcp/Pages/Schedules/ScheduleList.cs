using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>All schedules, in the order of their file.</summary>
internal static class ScheduleList
{
    public static Html Render(PageRequest request, IReadOnlyList<ScheduleStatus> schedules, int most, Html done)
    {
        var source = request.Workspace.Schedules.Source;
        var hasErrors = source.Diagnostics.Any(static one => one.Severity == DiagnosticSeverity.Error);
        return Html.Of(
            $"""
            <div class="stack">{done}
            {Html.If(
                source.Diagnostics.Count > 0,
                $"""
                <div class="notice {(hasErrors ? "bad" : "wait")}"><strong>In the file</strong><ul class="plain">{source
                    .Diagnostics.Take(10)
                    .Select(static one => Html.Of($"<li>{one.ToString()}</li>"))}</ul></div>
                """
            )}
            <section class="panel" id="schedules" data-part aria-label="Schedules">
            {Html.If(
                schedules.Count == 0,
                $"""
                <p class="empty">There is none yet. Work goes on by itself as soon as one is due: every ten minutes, say, with a mode and
                a task.</p>
                """
            )}
            {Html.If(schedules.Count > 0, $"""<ul class="plain rows">{schedules.Take(most).Select(one => Row(request, one))}</ul>""")}
            {Html.If(
                schedules.Count > most,
                $"""<p class="empty">{schedules.Count - most} more are in {request.Workspace.Paths.Display(source.FilePath)}.</p>"""
            )}
            </section></div>
            """
        );
    }

    private static Html Row(PageRequest request, ScheduleStatus one) =>
        Html.Of(
            $"""
            <li><div class="row-head">{ScheduleBadge.Of(one)}<h2>{PageLinks.Schedule(one.Schedule.Id, one.Schedule.Name)}</h2>
            <span class="end small">{Next(request, one)}</span></div>
            <div class="facts"><span>{ScheduleBadge.Rule(one)}</span>
            <span>{one.Schedule.Workflow ?? one.Schedule.Mode}</span>{Last(request, one)}</div>
            {Html.If(
                one.WhyNot is { IsOrdinary: false },
                $"""<p class="small">Why not now: {PageWords.Of(one.WhyNot?.Text)}.</p>"""
            )}
            <div class="actions">{ScheduleActions.Of(request, one, isWhole: false)}</div></li>
            """
        );

    private static Html Next(PageRequest request, ScheduleStatus one) =>
        one is { Schedule.Active: true, Paused: null, NextOccurrence: { } next }
            ? Html.Of($"next {Moments.At(next, request.Now, request.Zone)} ({Moments.Relative(next, request.Now, request.Zone)})")
            : Html.None;

    private static Html Last(PageRequest request, ScheduleStatus one) =>
        one.LastRun is { } run
            ? Html.Of(
                $"""
                <span>last {Badge.Of(run.State)}
                {Moments.Relative(run.EndedAt ?? run.StartedAt ?? run.CreatedAt, request.Now, request.Zone)}</span>
                """
            )
        : one.Last is { } last ? Html.Of($"<span>last moment {last.OutcomeName}</span>")
        : Html.Of($"<span>never due so far</span>");
}
