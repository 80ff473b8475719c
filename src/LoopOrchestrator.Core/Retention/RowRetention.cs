using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Retention;

/// <summary>
/// Removes what is recorded of work that ended long ago, or is one of too many; see <see cref="IRetentionStore"/> for what is kept.
/// </summary>
/// <param name="store">What is recorded.</param>
/// <param name="limits">How long rows are kept.</param>
/// <param name="time">The clock.</param>
internal sealed class RowRetention(IRetentionStore store, RunLimits limits, TimeProvider time)
{
    /// <summary>For how long a call with a request id can be repeated at the least; as long as its run is kept in any case.</summary>
    public static readonly TimeSpan RequestAge = TimeSpan.FromDays(7);

    /// <summary>
    /// How long rows are kept: never shorter than the folders of runs, which could not be told from foreign ones without them.
    /// </summary>
    public TimeSpan Age => TimeSpan.FromDays(Math.Max(limits.KeepRowsDays, limits.KeepRunsDays));

    /// <summary>Removes what is to be removed now.</summary>
    /// <returns>How many runs are gone.</returns>
    /// <exception cref="UserErrorException">The rows cannot be removed.</exception>
    public async Task<int> PruneAsync(CancellationToken cancellationToken)
    {
        var before = await OldestAsync(Age, cancellationToken);
        while (await store.RemoveOccurrencesAsync(before, cancellationToken) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        var removed = 0;
        while (await store.RemoveRunsAsync(before, cancellationToken) is > 0 and var rows)
        {
            cancellationToken.ThrowIfCancellationRequested();
            removed += rows;
        }

        while (await store.RemoveIncidentsAsync(before, cancellationToken) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        while (await store.RemoveRequestsAsync(time.GetUtcNow() - RequestAge, cancellationToken) > 0)
        {
            cancellationToken.ThrowIfCancellationRequested();
        }

        return removed;
    }

    /// <summary>
    /// What ended before this moment is kept no longer: for its age, or because as many newer runs are there as are kept.
    /// </summary>
    internal async Task<DateTimeOffset> OldestAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        var byAge = time.GetUtcNow() - age;
        return await store.OldestOfAsync(limits.KeepRunsCount, cancellationToken) is { } oldest && oldest > byAge ? oldest : byAge;
    }
}
