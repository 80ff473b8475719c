namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Adds up for the holder of the scheduler lock how long the holders of claimed runs have been silent. It measures on the monotonic
/// clock, and no piece counts for more than a minute: what lies between two looks that are further apart is the sleep of a machine or
/// of this process, in which nobody could call.
/// </summary>
internal sealed class LeaseClock(LeaseStore store, RunStore runs, RunLimits limits, TimeProvider time)
{
    // Twice the longest sleep of the loop, whose looks this counts.
    private static readonly TimeSpan LongestPiece = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ShortestPiece = TimeSpan.FromSeconds(1);

    private long? _lastLook;

    /// <summary>Adds the time since the last look.</summary>
    /// <param name="running">The running runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The same as they stand then.</returns>
    public async Task<IReadOnlyList<Run>> AgeAsync(IReadOnlyList<Run> running, CancellationToken cancellationToken = default)
    {
        var elapsed = _lastLook is { } last ? time.GetElapsedTime(last) : TimeSpan.Zero;
        if (_lastLook is not null && elapsed < ShortestPiece)
        {
            return running;
        }

        _lastLook = time.GetTimestamp();
        if (elapsed == TimeSpan.Zero || !running.Any(static run => run.LeaseToken is not null))
        {
            return running;
        }

        await store.AgeAsync(elapsed < LongestPiece ? elapsed : LongestPiece, cancellationToken);
        return await runs.InStateAsync(RunState.Running, cancellationToken);
    }

    /// <summary>How long a run's holder may still be silent; <see langword="null"/> when it has no lease.</summary>
    public TimeSpan? Left(Run run) => run.LeaseToken is null ? null : TimeSpan.FromSeconds(limits.LeaseSeconds) - run.LeaseIdle;
}
