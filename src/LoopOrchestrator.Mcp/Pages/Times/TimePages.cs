using System.Globalization;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Reports;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.Times;

/// <summary>Where the hours went, by the time log.</summary>
internal static class TimePages
{
    public const string Path = "/time";

    private const int MaxGroups = 31;
    private const int MaxListed = 20;
    private const string Lengths = "How long intervals took";

    private static readonly (string Value, string Text)[] Periods =
    [
        ("today", "today"),
        ("7d", "7 days"),
        ("30d", "30 days"),
        ("month", "this month"),
        ("all", "all of it"),
    ];

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPage(Path, ShowAsync);

    private static Task<Page> ShowAsync(PageRequest request)
    {
        var asked = request.Query("period") ?? "30d";
        var (period, problem) = Read(asked, request.Now);
        var summary = request.Workspace.Timing.Summarize(
            new TimingReportOptions
            {
                From = period?.From,
                To = period?.To,
                Mode = request.Query("mode"),
                Limit = MaxGroups,
            }
        );
        var report = summary.Report;
        var span = period is null
            ? ""
            : string.Create(CultureInfo.InvariantCulture, $", from {period.From:yyyy-MM-dd HH:mm} to {period.To:yyyy-MM-dd HH:mm} (UTC)");
        var body = Html.Of(
            $"""
            <div class="stack">
            {Html.If(problem is not null, $"""<p class="notice bad" role="alert">{problem}</p>""")}
            {Choice(request, asked)}
            <p>{Durations.Of(report.Total.Seconds)} in {report.Total.Count:#,0} complete intervals{span}.
            {Html.If(report.OpenCount > 0, $"{report.OpenCount:#,0} more are open.")}</p>
            <div class="pair"><div class="stack">
            {Figure.Panel("by-mode", "By mode", Bars("by-mode", "Hours by mode", report.ByMode))}
            {Figure.Panel("by-priority", "By priority", Bars("by-priority", "Hours by priority", report.ByPriority))}
            {Figure.Panel("by-length", Lengths, Spread(report))}
            </div>
            {Figure.Panel("by-day", "By day", Bars("by-day", "Hours by day", [.. report.ByDay.Reverse()]))}
            </div>
            {Long(request, report)}
            {Open(request, report)}
            {NotRead(summary)}
            </div>
            """
        );
        return Task.FromResult(new Page("Time", body) { Of = Path });
    }

    // What was typed into the address is told as a fault beside the standard, and never as a page that is not there.
    private static (ReportPeriod? Period, string? Problem) Read(string asked, DateTimeOffset now)
    {
        if (asked == "all")
        {
            return (null, null);
        }

        try
        {
            return (ReportPeriod.Parse(asked, now), null);
        }
        catch (UserErrorException exception)
        {
            return (ReportPeriod.Parse("30d", now), exception.Message);
        }
    }

    private static Html Choice(PageRequest request, string asked) =>
        Html.Of(
            $"""
            <nav class="actions" aria-label="Period">{Periods.Select(one => Html.Of(
                $"""
                <a class="button{(one.Value == asked ? " primary" : "")}" href="{PageUrl.To(
                    Path,
                    ("period", one.Value),
                    ("mode", request.Query("mode"))
                )}"{Html.If(one.Value == asked, $" aria-current=\"true\"")}>{one.Text}</a>
                """
            ))}{Html.If(
                request.Query("mode") is not null,
                $"""<span>of mode {request.Query("mode")} <a href="{PageUrl.To(Path, ("period", asked))}">all modes</a></span>"""
            )}</nav>
            """
        );

    private static Drawing Spread(TimingReport report) =>
        Plot.Distribution(new PlotName("by-length", Lengths), [.. report.ByLength.Select(static range => new Bar(range.Key, range.Count))]);

    private static Drawing Bars(string id, string title, IReadOnlyList<TimingTotal> totals) =>
        Plot.Bars(new PlotName(id, title), [.. totals.Select(static total => new Bar(total.Key, total.Seconds))], PlotUnit.Seconds);

    private static Html Long(PageRequest request, TimingReport report) =>
        Html.If(
            report.OverLimitCount > 0,
            $"""
            <section class="panel"><header><h2>Longer than an hour</h2><span class="soft small">{Math.Min(
                MaxListed,
                report.OverLimit.Count
            )} of {report.OverLimitCount:#,0}, the longest first</span></header>{Entries(
                request,
                "Longer than an hour",
                report.OverLimit.Take(MaxListed)
            )}</section>
            """
        );

    private static Html Open(PageRequest request, TimingReport report) =>
        Html.If(
            report.OpenCount > 0,
            $"""
            <section class="panel"><header><h2>Open</h2><span class="soft small">{Math.Min(
                MaxListed,
                report.Open.Count
            )} of {report.OpenCount:#,0}, the oldest first</span></header>{Entries(request, "Open", report.Open.Take(MaxListed))}</section>
            """
        );

    private static Html Entries(PageRequest request, string title, IEnumerable<TimingEntry> entries) =>
        DataTable.Of(
            title,
            [
                new DataColumn("Began"),
                new DataColumn("Took", IsNumber: true),
                new DataColumn("Mode"),
                new DataColumn("Priority"),
                new DataColumn("Task"),
            ],
            entries.Select(entry =>
                new[]
                {
                    entry.StartTime is { } start ? Moments.At(start, request.Now, request.Zone) : Html.None,
                    Html.Of($"{(entry.DurationSeconds is { } seconds ? Durations.Of(seconds) : "open")}"),
                    Html.Of($"{entry.Mode}"),
                    Html.Of($"{entry.Priority}"),
                    Html.Of($"{entry.Task}"),
                }
            )
        );

    private static Html NotRead(TimingSummary summary) =>
        Html.If(
            summary.NotUnderstood > 0,
            $"""
            <p class="notice wait">{summary.NotUnderstood:#,0} rows could not be understood and count in no sum;
            <span class="mono">timing audit</span> shows each with its line.</p>
            """
        );
}
