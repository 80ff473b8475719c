using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Hand-offs in the hands of callers: taken from the queue, kept by signs of life, left. Safe for many threads.</summary>
internal sealed class RunHandOffs(IRunStore store, RunReader reader, RunClaims claims, RunBeats beats, TimeProvider time, Action wake)
{
    // How often somebody who waits for a hand-off looks again: it may be put into the queue by another process, which tells nobody here.
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>
    /// Takes a queued hand-off under a lease: the one named, else the first of that mode, else the first; waits where none is there.
    /// What was taken while the caller left is given back at once.
    /// </summary>
    /// <returns>The run, running now; or <see langword="null"/> when none waits.</returns>
    /// <exception cref="UserErrorException">The run named cannot be claimed; the message says why.</exception>
    public async Task<Run?> ClaimAsync(
        string? id,
        string? mode,
        RunCaller caller,
        TimeSpan wait,
        CancellationToken cancellationToken = default
    )
    {
        var named = id is null ? null : await reader.GetAsync(id, cancellationToken);
        var started = time.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();

            // Taken whole or not at all: half of it would be a run that nobody holds.
            var claimed = await claims.ClaimAsync(named, mode, caller, CancellationToken.None);
            if (claimed is not null && cancellationToken.IsCancellationRequested)
            {
                await GiveBackAsync(claimed);
                cancellationToken.ThrowIfCancellationRequested();
            }

            if (claimed is not null)
            {
                wake();
                return claimed;
            }

            var left = wait - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return null;
            }

            await Task.Delay(left < PollInterval ? left : PollInterval, time, cancellationToken);
        }
    }

    /// <summary>Puts back what was taken for somebody who had left by then, as if it had not been taken.</summary>
    public async Task GiveBackAsync(Run taken)
    {
        await claims.GiveBackAsync(taken);
        wake();
    }

    /// <summary>Gives a hand-off that waits to who asked for it.</summary>
    /// <param name="added">The run.</param>
    /// <param name="caller">Who asked for it.</param>
    /// <param name="token">What its holder shows; a new token when not given.</param>
    /// <param name="cancellationToken">Gives up before it is taken.</param>
    /// <remarks>
    /// From its insertion on there is a run, so the call answers with it, whatever fails after that: an error would say that there is none.
    /// </remarks>
    public async Task<Run> TakeAsync(Run added, RunCaller caller, string? token, CancellationToken cancellationToken)
    {
        try
        {
            var kind = caller.Owner is null ? LeaseKind.Claim : LeaseKind.Client;
            var run = await claims.TakeAsync(added, kind, caller, token, cancellationToken) ?? added;
            if (caller.Owner is { } owner && run.State == RunState.Running)
            {
                beats.Keeper.Keep(owner);
            }

            wake();
            return run;
        }
        catch (UserErrorException exception)
        {
            var now = await store.FindAsync(added.Id, cancellationToken);

            // Running still means here that it could not be put back yet; nobody works on it, and it is queued again soon.
            return now is null or { State: RunState.Queued or RunState.Running } ? added with { Reason = exception.Message } : now;
        }
    }

    /// <summary>Gives a hand-off again to who has it, where he asks for it again.</summary>
    /// <returns>
    /// The run with its token; <see langword="null"/> when the token is not that of its holder, or it is not known whether it has begun.
    /// </returns>
    public async Task<Run?> GoOnAsync(Run run, RunCaller caller, string token, CancellationToken cancellationToken)
    {
        if (run.State != RunState.Running || !LeaseTokens.Matches(run.Lease?.Token, token) || reader.Brief(run) is null)
        {
            return null;
        }

        await beats.GoOnAsync(run, caller, cancellationToken);
        run = await reader.GetAsync(run.Id, cancellationToken);
        return LeaseTokens.Matches(run.Lease?.Token, token) ? run with { LeaseToken = token } : null;
    }

    /// <summary>Takes note of a run that is asked for as a part of another: somebody works on that.</summary>
    public Task BeatOfPartAsync(string? parentId, CancellationToken cancellationToken) =>
        beats.TakeOfPartAsync(parentId, cancellationToken);

    /// <summary>How many seconds the holder of a hand-off may be silent before it returns to the queue.</summary>
    public int LeaseSeconds => claims.LeaseSeconds;

    /// <summary>
    /// Takes note that the holder of a hand-off has called, so that its lease begins anew. Calls of others say nothing of him and count for
    /// nothing; nor does anything when there is no such run or lease.
    /// </summary>
    /// <param name="id">The run that was named.</param>
    /// <param name="caller">Who called.</param>
    /// <param name="leaseToken">The token that came with the call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was the holder.</returns>
    public Task<bool> BeatAsync(
        string? id,
        RunCaller? caller = null,
        string? leaseToken = null,
        CancellationToken cancellationToken = default
    ) => beats.TakeAsync(id, caller ?? RunCaller.Unknown, leaseToken, cancellationToken);

    /// <summary>
    /// The clients that hold a run now, whether they took it for themselves or claimed it; see <see cref="RunCaller.Owner"/>.
    /// </summary>
    public async Task<IReadOnlySet<string>> HoldersAsync(CancellationToken cancellationToken = default) =>
        (await store.InStateAsync(RunState.Running, cancellationToken))
            .Select(static run => run.Lease?.Owner)
            .OfType<string>()
            .ToHashSet(StringComparer.Ordinal);

    /// <summary>The session of a client is over: what it took for itself waits again when its lease has run out.</summary>
    public Task LeaveAsync(RunCaller caller, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.Owner is { } owner ? beats.Keeper.LeaveAsync(owner, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>This process ends, and with it all of its clients.</summary>
    public Task LeaveAllAsync(CancellationToken cancellationToken = default) => beats.Keeper.LeaveAllAsync(cancellationToken);
}
