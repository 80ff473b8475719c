using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>One schedule: why it does not run now, when it is due, and what became of each of its moments.</summary>
internal static class ScheduleDetail
{
    private const int MaxReason = 240;

    public static Html Render(PageRequest request, ScheduleHistory history, Html done)
    {
        var status = history.Status;
        return Html.Of(
            $"""
            <div class="stack">{done}
            <section class="panel" id="state" data-part aria-labelledby="state-title"><header><h2 id="state-title">State</h2>
            {ScheduleBadge.Of(status)}</header><div class="body"><p>{Why(status)}</p></div></section>
            <div class="columns"><div class="stack">{Ledger(history)}{Latest(request, history)}{Task(status)}</div>
            <div class="stack">{Upcoming(request, status, history.Next)}{Took(request, history)}{Facts(request, status)}</div></div></div>
            """
        );
    }

    private static Html Why(ScheduleStatus status) =>
        status.WhyNot is { } why ? Html.Of($"Why not now: {PageWords.Of(why.Text)}.") : Html.Of($"Its work goes on.");

    private static Html Upcoming(PageRequest request, ScheduleStatus status, IReadOnlyList<DateTimeOffset> next)
    {
        var isSure = status.Schedule.Active && status.Paused is null;
        return Html.Of(
            $"""
            <section class="panel" id="next" data-part aria-labelledby="next-title"><header><h2 id="next-title">Next ten</h2>
            <span class="soft small">{(isSure ? "" : "as soon as it goes on, ")}{status.Schedule.TimeZone.Id}</span></header>
            {Html.If(next.Count == 0, $"""<p class="empty">It is never due again.</p>""")}
            {Html.If(
                next.Count > 0,
                $"""
                <ol class="plain rows">{next.Select(moment =>
                    Html.Of(
                        $"""
                        <li class="row-head"><span>{Moments.At(moment, request.Now, status.Schedule.TimeZone)}</span>
                        <span class="end small">{Moments.Relative(moment, request.Now, request.Zone)}</span></li>
                        """
                    )
                )}</ol>
                """
            )}
            </section>
            """
        );
    }

    private static Html Facts(PageRequest request, ScheduleStatus status)
    {
        var schedule = status.Schedule;
        return Html.Of(
            $"""
            <section class="panel" aria-labelledby="rule-title"><header><h2 id="rule-title">Its rule</h2></header>
            <div class="body"><dl class="facts-list">
            <dt>Due</dt><dd>{ScheduleBadge.Rule(status)}</dd><dt>Zone</dt><dd>{schedule.TimeZone.Id}</dd>
            {Html.If(schedule.Workflow is not null, $"<dt>Workflow</dt><dd>{schedule.Workflow}</dd>")}
            <dt>Mode</dt><dd>{schedule.Mode}</dd><dt>Overlap</dt><dd>{schedule.TaskInteraction.ToString().ToLowerInvariant()}</dd>
            <dt>Missed ones</dt><dd>{schedule.Misfire.ToString().ToLowerInvariant()}</dd>
            {Html.If(
                schedule.Expiration is not null,
                $"<dt>Until</dt><dd>{Moments.TextOf(schedule.Expiration ?? request.Now, schedule.TimeZone)}</dd>"
            )}
            <dt>Id</dt><dd class="mono">{schedule.Id}</dd></dl></div></section>
            """
        );
    }

    private static Html Task(ScheduleStatus status) =>
        Html.Of(
            $"""
            <section class="panel" aria-labelledby="task-title"><header><h2 id="task-title">Its task</h2></header>
            {Html.If(status.Schedule.TaskInstructions.Length == 0, $"""<p class="empty">Its {(
                status.Schedule.Workflow is null ? "mode" : "workflow"
            )} says what is done.</p>""")}
            {Html.If(
                status.Schedule.TaskInstructions.Length > 0,
                $"""
                <div class="body"><pre class="output" tabindex="0" role="region" aria-label="Text of its task">{"\n"}{status
                    .Schedule
                    .TaskInstructions}</pre></div>
                """
            )}
            </section>
            """
        );

    private static Html Ledger(ScheduleHistory history) =>
        Panel.Of(
            "ledger",
            "What became of its moments",
            Panel.Body(
                Figure.Of("slots", "What became of its moments", Plot.Slots(new PlotName("slots", "Its due moments by day"), history.Days))
            ),
            $"{history.Days.Count} days of UTC",
            isLive: true
        );

    private static Html Latest(PageRequest request, ScheduleHistory history) =>
        Panel.Of(
            "latest",
            "The latest of them",
            Panel.Rows([.. history.Latest.Select(row => Moment(request, row))], "None was due yet, and nobody has triggered it."),
            history.Latest.Count < ScheduleHistory.MaxLatest ? "" : $"the latest {history.Latest.Count}",
            isLive: true
        );

    private static Html Moment(PageRequest request, Occurrence row) =>
        Html.Of(
            $"""
            <div class="row-head">{Badge.Of(Tone(row), Word(row))}{Moments.At(row.DueAt, request.Now, request.Zone)}
            {Html.If(row.Count > 1, $"<span>and {row.Count - 1} more</span>")}
            {Html.If(row.Origin != OccurrenceOrigin.Schedule, $"<span>by hand</span>")}
            {Html.If(row.RunId is not null, $"""<span class="end small">{PageLinks.Run(row.RunId ?? "", "its run")}</span>""")}</div>
            {Html.If(
                row.Reason is { Length: > 0 } and not "due",
                $"""<p class="small soft">{TextCut.Shorten(row.Reason ?? "", MaxReason)}</p>"""
            )}
            """
        );

    private static Html Took(PageRequest request, ScheduleHistory history)
    {
        var points = history
            .Runs.Where(static run => run is { StartedAt: not null, EndedAt: not null })
            .Select(run => new Bar(
                Moments.TextOf(run.StartedAt!.Value, request.Zone),
                (long)(run.EndedAt!.Value - run.StartedAt.Value).TotalSeconds
            ))
            .Reverse()
            .ToList();
        return Html.If(
            points.Count > 1,
            $"{Panel.Of(
                "took",
                "How long it takes",
                Panel.Body(
                    Html.Of(
                        $"""
                        <p>{Durations.Of(points[^1].Value)} the last time, {Durations.Of(points.Min(static one => one.Value))} to
                        {Durations.Of(points.Max(static one => one.Value))} of all of these</p>
                        {Figure.Of(
                            "lengths",
                            "How long it takes",
                            Plot.Sparkline(new PlotName("lengths", "How long its last runs took"), points, PlotUnit.Seconds)
                        )}
                        """
                    )
                ),
                $"its last {points.Count} runs",
                isLive: true
            )}"
        );
    }

    // What became of the work where it was started, and of the moment where not.
    private static string Word(Occurrence row) => (row.RunState?.Name() ?? row.OutcomeName).Replace('_', ' ');

    private static string Tone(Occurrence row) =>
        row.RunState switch
        {
            RunState.Succeeded => "ok",
            RunState.Failed or RunState.TimedOut or RunState.Interrupted => "bad",
            RunState.Running or RunState.Queued => "run",
            RunState.NeedsInput => "wait",
            _ => row.Outcome switch
            {
                OccurrenceOutcome.Started => "ok",
                OccurrenceOutcome.Missed => "bad",
                null => "wait",
                _ => "idle",
            },
        };
}
