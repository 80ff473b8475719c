using System.Globalization;
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
    private const int MaxDays = 14;
    private const int MaxOfADay = 150;

    public static Html Render(
        PageRequest request,
        ScheduleStatus status,
        IReadOnlyList<DateTimeOffset> next,
        IReadOnlyList<Occurrence> rows,
        Html done
    ) =>
        Html.Of(
            $"""
            <div class="stack">{done}
            <section class="panel" id="state" data-part aria-labelledby="state-title"><header><h2 id="state-title">Now</h2>
            {ScheduleBadge.Of(status)}</header><div class="body"><p>{Why(status)}</p></div></section>
            <div class="columns"><div class="stack">{Ledger(request, rows)}{Task(status)}</div>
            <div class="stack">{Upcoming(request, status, next)}{Facts(request, status)}</div></div></div>
            """
        );

    private static string Why(ScheduleStatus status) =>
        status.WhyNot is { } why ? $"Why not now: {ToolNames.Plain(why.Text)}." : "Its work goes on.";

    private static Html Upcoming(PageRequest request, ScheduleStatus status, IReadOnlyList<DateTimeOffset> next)
    {
        var isSure = status.Schedule.Active && status.Paused is null;
        return Html.Of(
            $"""
            <section class="panel" id="next" data-part aria-labelledby="next-title"><header><h2 id="next-title">Next ten</h2>
            <span class="soft small">{(isSure ? "" : "as soon as it goes on")}</span></header>
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

    // Newest day first, and within a day as the day went.
    private static Html Ledger(PageRequest request, IReadOnlyList<Occurrence> rows)
    {
        var days = rows.Where(static row => row.Origin == OccurrenceOrigin.Schedule)
            .GroupBy(row => TimeZoneInfo.ConvertTime(row.DueAt, request.Zone).Date)
            .OrderByDescending(static day => day.Key)
            .Take(MaxDays)
            .ToList();
        return Html.Of(
            $"""
            <section class="panel" id="ledger" data-part aria-labelledby="ledger-title">
            <header><h2 id="ledger-title">What became of its moments</h2>
            <span class="soft small">newest day first</span></header>
            {Html.If(days.Count == 0, $"""<p class="empty">None was due yet.</p>""")}
            {Html.If(days.Count > 0, $"""<ul class="plain rows">{days.Select(day => Day(request, day))}</ul>""")}
            </section>
            """
        );
    }

    private static Html Day(PageRequest request, IGrouping<DateTime, Occurrence> day)
    {
        var rows = day.OrderBy(static row => row.DueAt).ToList();
        var sums = rows.GroupBy(Word, StringComparer.Ordinal)
            .Select(static group => string.Create(CultureInfo.InvariantCulture, $"{group.Sum(static row => row.Count)} {group.Key}"));
        return Html.Of(
            $"""
            <li class="day"><strong>{day.Key.ToString("ddd d MMM", CultureInfo.InvariantCulture)}</strong><ol class="plain slots">{rows
                .TakeLast(MaxOfADay)
                .Select(row => Slot(request, row))}</ol><span class="soft small">{string.Join(", ", sums)}</span></li>
            """
        );
    }

    private static Html Slot(PageRequest request, Occurrence row) =>
        Html.Of(
            $"""
            <li class="slot {Tone(row)}" title="{Title(request, row)}"><span class="hidden">{Title(request, row)}</span></li>
            """
        );

    private static string Title(PageRequest request, Occurrence row)
    {
        var at = TimeZoneInfo.ConvertTime(row.DueAt, request.Zone).ToString("HH:mm", CultureInfo.InvariantCulture);
        var several = row.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $" and {row.Count - 1} more") : "";
        var reason = row.Reason is { Length: > 0 } text ? $": {TextCut.Shorten(text, 120)}" : "";
        return $"{at}{several} {Word(row)}{reason}";
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
                OccurrenceOutcome.Missed => "missed",
                null => "wait",
                _ => "skipped",
            },
        };
}
