namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>
/// Finds the start row of each closing row while rows come by in the order of the file. It keeps nothing but the open starts.
/// </summary>
/// <param name="open">The starts that rows before the first one left open.</param>
internal sealed class TimingPairing(OpenStarts open)
{
    // Foreign rows write the same moment with milliseconds or microseconds.
    private static readonly TimeSpan SameMoment = TimeSpan.FromSeconds(1);

    /// <summary>Takes the next row and says what it is.</summary>
    /// <param name="entry">The row, its kind not yet decided.</param>
    /// <param name="oddity">What is odd about the row in the light of earlier ones; <see langword="null"/> when nothing is.</param>
    /// <returns>The row with its kind, and where it needs them, start time and duration.</returns>
    public TimingEntry Add(TimingEntry entry, out string? oddity)
    {
        oddity = null;
        return entry.EndTime is null ? AddStart(entry, ref oddity) : AddEnd(entry, ref oddity);
    }

    /// <summary>A row without an end as the start that it is.</summary>
    public static TimingEntry AsStart(TimingEntry entry) =>
        entry with
        {
            Kind = TimingEntryKind.Start,
            StartTime = entry.StartTime ?? entry.Timestamp,
            DurationSeconds = null,
        };

    private TimingEntry AddStart(TimingEntry entry, ref string? oddity)
    {
        var start = AsStart(entry);
        if (entry.DurationSeconds is not null)
        {
            oddity = "a duration without an end: read as an open start, the duration counts in no sum";
        }

        if (start.TaskId.Length == 0)
        {
            oddity = "a start without an id: nothing can close it";
            open.Add(start);
        }
        else if (open.Find(start.TaskId) is { } first)
        {
            oddity = $"a second start of the id {start.TaskId}, which is open since {first.Place}: the first one stands";
        }
        else
        {
            open.Add(start);
        }

        return start;
    }

    private TimingEntry AddEnd(TimingEntry entry, ref string? oddity)
    {
        if (entry.TaskId.Length > 0 && open.Find(entry.TaskId) is { } start)
        {
            if (entry.StartTime is null || (entry.StartTime - start.StartTime)?.Duration() <= SameMoment)
            {
                open.Remove(entry.TaskId);
                if (entry.StartTime is null)
                {
                    oddity = $"no start time: taken from the start row in {start.Place}";
                }

                return WithDuration(
                    entry with
                    {
                        Kind = TimingEntryKind.Close,
                        StartTime = entry.StartTime ?? start.StartTime,
                    },
                    ref oddity
                );
            }

            oddity = $"the id {entry.TaskId} is open since {start.Place} with another start time: counted as an interval of its own";
        }

        if (entry.StartTime is null && entry.DurationSeconds is not >= 0)
        {
            oddity = "an end without start time, duration or start row: it counts in no sum";
            return entry with { Kind = TimingEntryKind.UnmatchedClose, DurationSeconds = null };
        }

        if (entry.StartTime is null)
        {
            oddity = "no start time: taken from end and duration";
            entry = entry with { StartTime = EarlierBy(entry.EndTime!.Value, entry.DurationSeconds!.Value) };
        }

        return WithDuration(entry with { Kind = TimingEntryKind.Interval }, ref oddity);
    }

    private static TimingEntry WithDuration(TimingEntry entry, ref string? oddity)
    {
        if (entry.DurationSeconds is >= 0 || entry.StartTime is null)
        {
            return entry with { DurationSeconds = Math.Max(0, entry.DurationSeconds ?? 0) };
        }

        if (entry.DurationSeconds < 0 || entry.EndTime < entry.StartTime)
        {
            oddity =
                entry.DurationSeconds < 0 ? "a negative duration: taken from the times" : "the end is before the start: counted as 0 s";
        }

        return entry with
        {
            DurationSeconds = TimingTime.SecondsBetween(entry.StartTime.Value, entry.EndTime!.Value),
        };
    }

    private static DateTimeOffset EarlierBy(DateTimeOffset end, long seconds) =>
        end.UtcTicks / TimeSpan.TicksPerSecond > seconds ? end.AddSeconds(-seconds) : DateTimeOffset.MinValue;
}
