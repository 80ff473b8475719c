using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>
/// Makes a summary of what the index holds and of the lines after it, reading from the file only the rows that are listed.
/// </summary>
internal sealed class IndexedReport(IndexedFile file, ITimingTables tables, TimingCheckpoint checkpoint, TimingDelta delta)
{
    /// <summary>Makes it.</summary>
    /// <exception cref="StaleIndexException">A row is not where the index says.</exception>
    public TimingSummary Create(TimingReportOptions options)
    {
        options.Check();
        var reached = delta.Reached;

        // Before the names are counted: rows that only open something name modes, too.
        var opened = delta.Starts.Opened.ToList();
        var filter = TimingFilter.Of(options, delta.Modes, delta.Priorities);
        var tally = new TimingTally(options, filter, delta.Modes.All.Count, delta.Priorities.All.Count, reached.Tasks);
        tally.Add(checkpoint.Intervals, CollectionsMarshal.AsSpan(delta.Intervals));
        tables.Chunks(filter.From, filter.To, tally.Add);
        var (open, openCount) = Open(options, filter, opened);
        var report = new TimingReport(
            new TimingTotal("", tally.Count, tally.Seconds),
            tally.ByMode(options.Limit, delta.Modes),
            tally.ByPriority(options.Limit, delta.Priorities),
            tally.ByDay(options.Limit),
            tally.ByTask(options.Limit, number => Row(Place(number)).Task),
            [.. tally.Latest.Take().Select(Complete)],
            open,
            openCount,
            [.. tally.Longest.Take().Select(Complete)],
            tally.LongCount
        )
        {
            ByLength = tally.ByLength(),
        };
        return new TimingSummary(
            report,
            Diagnostics(options.Limit),
            reached.Diagnostics + file.Problems.Count,
            reached.Lines.AllLines - reached.Lines.Headers - reached.Lines.BlankLines - reached.Lines.NotUnderstood,
            reached.Lines.Headers,
            reached.Lines.BlankLines,
            reached.Lines.Repaired,
            reached.Lines.NotUnderstood,
            reached.Unmatched
        );
    }

    private (List<TimingEntry> Listed, int Count) Open(TimingReportOptions options, TimingFilter filter, List<OpenRow> opened)
    {
        var fresh = opened.Where(row => TimingReport.Fits(row.Entry!, options)).ToList();
        if (checkpoint.Starts == 0)
        {
            return (InOrder(fresh, options.Limit), fresh.Count);
        }

        var closed = delta.Starts.Closed.Select(static start => start.Value).ToList();
        var closedPlaces = closed.Select(static row => row.Offset).ToHashSet();
        var count = tables.CountStarts(filter) + fresh.Count - closed.Count(row => TimingReport.Fits(Start(row), options));
        var known = tables
            .Starts(filter, latestFirst: false, options.Limit + closed.Count)
            .Select(static start => start.Value)
            .Where(row => !closedPlaces.Contains(row.Offset));
        return (InOrder(known.Concat(fresh), options.Limit), count);
    }

    private List<TimingEntry> InOrder(IEnumerable<OpenRow> rows, int limit) =>
        [.. rows.OrderBy(static row => row.Start).ThenBy(static row => row.Line).Take(limit).Select(Start)];

    private TimingEntry Start(OpenRow row)
    {
        if (row.Entry is { } entry)
        {
            return entry;
        }

        var start = TimingPairing.AsStart(Row(new Place(row.Offset, row.Line, TimingEntryKind.Start)));
        return start.StartTime?.UtcTicks == row.Start ? start : throw new StaleIndexException();
    }

    private List<Diagnostic> Diagnostics(int limit)
    {
        var known = checkpoint.Diagnostics > 0 ? tables.Diagnostics(limit) : [];
        return
        [
            .. file
                .Problems.Concat(known)
                .Concat(delta.Diagnostics)
                .OrderByDescending(static diagnostic => diagnostic.Severity)
                .Take(limit),
        ];
    }

    private Place Place(int number) => number < checkpoint.Intervals ? tables.Place(number) : delta.Places[number - checkpoint.Intervals];

    private TimingEntry Complete(int number)
    {
        var place = Place(number);
        var row = Row(place);
        var interval = number < checkpoint.Intervals ? tables.Interval(number) : delta.Intervals[number - checkpoint.Intervals];
        return row.EndTime?.UtcTicks == interval.End
            ? row with
            {
                Kind = place.Kind,
                StartTime = new DateTimeOffset(interval.Start, TimeSpan.Zero),
                DurationSeconds = interval.Seconds,
            }
            : throw new StaleIndexException();
    }

    private TimingEntry Row(Place place)
    {
        var headers = delta.Headers.Where(header => header.Key < place.Offset).ToList();
        return file.Row(place, headers.Count > 0 ? headers[^1].Value : tables.Header(place.Offset));
    }
}
