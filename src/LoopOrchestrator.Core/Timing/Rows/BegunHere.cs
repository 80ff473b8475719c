using System.Collections.Concurrent;

namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>
/// Knows of the intervals that this process has opened how the monotonic clock stood then. So a wall clock that is set back an hour or
/// forward a day meanwhile changes no duration; the sleep of a machine counts for nothing. Of an interval that another process
/// opened only the wall clock tells. Safe for many threads.
/// </summary>
internal sealed class BegunHere(TimeProvider time)
{
    // Those that nobody closes must not fill the memory; whoever has more open than this goes by the wall clock.
    private const int Max = 10_000;

    // Less than this is the clock being adjusted, and the moments that other programs wrote down stay comparable.
    private static readonly TimeSpan MinJump = TimeSpan.FromSeconds(2);

    // An end further away than this was not taken from the clock just now, so nothing is known of the clock that it was taken from.
    private static readonly TimeSpan JustNow = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (DateTimeOffset Start, DateTimeOffset Wall, long Stamp)> _begun = new(
        StringComparer.Ordinal
    );

    /// <summary>The interval is being opened now, with this as its start.</summary>
    public void Remember(string taskId, DateTimeOffset start)
    {
        if (_begun.Count < Max)
        {
            _begun[taskId] = (start, time.GetUtcNow(), time.GetTimestamp());
        }
    }

    /// <summary>The end of an interval that closes now.</summary>
    /// <param name="start">Its start row.</param>
    /// <param name="end">Its end by the wall clock, or by another clock.</param>
    /// <returns>
    /// The end by the clock that its start was taken from, where the wall clock was set meanwhile; else <paramref name="end"/>.
    /// </returns>
    public DateTimeOffset End(TimingEntry start, DateTimeOffset end)
    {
        if (!_begun.TryRemove(start.TaskId, out var begun) || begun.Start != start.StartTime)
        {
            return end;
        }

        var now = time.GetUtcNow();
        var jump = now - begun.Wall - time.GetElapsedTime(begun.Stamp);
        return jump.Duration() < MinJump || (now - end).Duration() > JustNow ? end : end - jump;
    }
}
