using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Which calls are a sign of life of a hand-off's holder. Those of bystanders are none: else whoever looks at a run would keep it for
/// somebody who is gone.
/// </summary>
internal sealed class RunBeats(IRunStore store, ILeaseStore leases, LeaseKeeper keeper)
{
    /// <summary>Keeps what this process's clients took for themselves.</summary>
    public LeaseKeeper Keeper => keeper;

    /// <summary>Takes note of a call that names a run.</summary>
    /// <returns>Whether it came from the run's holder.</returns>
    public async Task<bool> TakeAsync(string? id, RunCaller caller, string? token, CancellationToken cancellationToken)
    {
        if (await FindAsync(id, cancellationToken) is not { Lease: { } lease } run)
        {
            return false;
        }

        var shows = LeaseTokens.Matches(lease.Token, token);
        if (shows && lease is { Kind: LeaseKind.Client } && (lease.GoneSince is not null || RunCaller.IsGone(lease.Owner)))
        {
            return await leases.TakeOverAsync(run.Id, lease.Token, caller.Owner, cancellationToken);
        }

        // A claim that version 0.1.0 gave is kept by any call, as that version said.
        var isHolder = shows || lease.Kind is null || (lease.Owner is not null && lease.Owner == caller.Owner);
        if (isHolder)
        {
            await leases.BeatAsync(run.Id, lease.Token, cancellationToken);
        }

        return isHolder;
    }

    /// <summary>
    /// Its holder has asked for the run again, and goes on with it from where he asks: elsewhere than before it is a claim of his from now
    /// on.
    /// </summary>
    public Task<bool> GoOnAsync(Run run, RunCaller caller, CancellationToken cancellationToken) =>
        run.Lease is not { } lease ? Task.FromResult(false)
        : lease.Kind == LeaseKind.Client && (lease.Owner != caller.Owner || lease.GoneSince is not null)
            ? leases.TakeOverAsync(run.Id, lease.Token, caller.Owner, cancellationToken)
        : leases.BeatAsync(run.Id, lease.Token, cancellationToken);

    /// <summary>Takes note of a run that is asked for as a part of another: somebody works on that, whoever it is.</summary>
    public async Task TakeOfPartAsync(string? parentId, CancellationToken cancellationToken)
    {
        if (await FindAsync(parentId, cancellationToken) is { Lease: { } lease } run)
        {
            await leases.BeatAsync(run.Id, lease.Token, cancellationToken);
        }
    }

    private async Task<Run?> FindAsync(string? id, CancellationToken cancellationToken) =>
        RunId.IsWellFormed(id) && await store.FindAsync(id!, cancellationToken) is { State: RunState.Running, Lease.Expires: true } run
            ? run
            : null;
}
