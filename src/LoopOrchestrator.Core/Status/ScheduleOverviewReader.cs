using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Status;

/// <summary>
/// Reads all schedules, and tells the same again while nothing was recorded and no file has changed: several clients ask at once, and some
/// again and again. For a second at most, for the clock moves what is told as well. Safe for many threads.
/// </summary>
internal sealed class ScheduleOverviewReader(StatusSources sources, ScheduleStatusReader statuses)
{
    /// <summary>How long it is told again.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(1);

    private volatile Known? _known;

    /// <summary>Reads them.</summary>
    /// <returns>The very object that was returned before, where nothing has changed since.</returns>
    public async Task<ScheduleOverview> ReadAsync(CancellationToken cancellationToken)
    {
        // Before anything is read: what changes while it is read is read again the next time.
        var (mark, reading) = (await sources.Storage.Health.MarkAsync(cancellationToken), sources.Schedules.Reading);
        var (now, elapsed) = (sources.Time.GetUtcNow(), sources.Time.GetTimestamp());
        if (
            mark is not null
            && _known is { } known
            && known.Mark == mark
            && known.Reading == reading
            && sources.Time.GetElapsedTime(known.Elapsed, elapsed) < MaxAge
            // A clock that was set has other due moments behind it.
            && (now - known.At).Duration() < MaxAge
        )
        {
            return known.Overview;
        }

        var overview = new ScheduleOverview(
            await statuses.ReadAsync(counts: false, cancellationToken),
            sources.Paths.Display(sources.Schedules.FilePath),
            sources.Schedules.Diagnostics
        );
        _known = mark is null ? null : new Known(overview, mark, reading, now, elapsed);
        return overview;
    }

    private sealed record Known(ScheduleOverview Overview, StorageMark Mark, ScheduleReading Reading, DateTimeOffset At, long Elapsed);
}
