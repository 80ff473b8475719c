using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Adds up for the holder of the scheduler lock how long the holders of hand-offs have been silent. It measures on the monotonic
/// clock, and no piece counts for more than a minute: what lies between two looks that are further apart is the sleep of a machine or
/// of this process, in which nobody could call.
/// </summary>
internal sealed class LeaseClock(ILeaseStore store, IRunStore runs, RunLimits limits, TimeProvider time)
{
    // Twice the longest sleep of the loop, whose looks this counts.
    private static readonly TimeSpan MaxPiece = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan MinPiece = TimeSpan.FromSeconds(1);

    private long? _lastPass;

    /// <summary>Adds the time since the last look, and notes of clients whose process has died that they are gone.</summary>
    /// <param name="running">The running runs.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The same as they stand then.</returns>
    public async Task<IReadOnlyList<Run>> AgeAsync(IReadOnlyList<Run> running, CancellationToken cancellationToken = default)
    {
        var elapsed = _lastPass is { } last ? time.GetElapsedTime(last) : TimeSpan.Zero;
        if (_lastPass is not null && elapsed < MinPiece)
        {
            return running;
        }

        _lastPass = time.GetTimestamp();
        var held = running.Where(static run => run.Lease is { Expires: true }).ToList();
        if (held.Count == 0)
        {
            return running;
        }

        var clients = held.Where(static run => run.Lease is { Kind: LeaseKind.Client, GoneSince: null })
            .Select(static run => run.Lease!.Owner!);
        foreach (var owner in clients.Distinct(StringComparer.Ordinal).Where(RunCaller.IsGone))
        {
            await store.NoteGoneAsync(owner, time.GetUtcNow(), cancellationToken);
        }

        if (elapsed > TimeSpan.Zero)
        {
            await store.AgeAsync(elapsed < MaxPiece ? elapsed : MaxPiece, cancellationToken);
        }

        return await runs.InStateAsync(RunState.Running, cancellationToken);
    }

    /// <summary>How long a run's holder may still be silent; <see langword="null"/> when it has no lease.</summary>
    public TimeSpan? Left(Run run) => run.Lease is { Expires: true } lease ? TimeSpan.FromSeconds(limits.LeaseSeconds) - lease.Idle : null;
}
