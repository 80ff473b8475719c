namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>
/// How long the holders of hand-offs have not been heard of. It is added up while a server looks, in pieces that its own clock
/// measured, and kept: so no jump of a clock, no sleep of the machine and no time without a server counts, and a restart forgets nothing.
/// </summary>
internal interface ILeaseStore
{
    /// <summary>The holder of a run was heard of.</summary>
    Task<bool> BeatAsync(string id, string token, CancellationToken cancellationToken = default);

    /// <summary>Somebody who has the token goes on with what a client left that is gone: it is his claim now.</summary>
    Task<bool> TakeOverAsync(string id, string token, string? owner, CancellationToken cancellationToken = default);

    /// <summary>A client lives, and so do the leases of what it took for itself. False when it holds nothing any more.</summary>
    Task<bool> RenewAsync(string owner, CancellationToken cancellationToken = default);

    /// <summary>A client is gone; said once of each run that it holds.</summary>
    Task<bool> NoteGoneAsync(string owner, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Some time has passed for all holders: those that were heard of in it begin anew.</summary>
    Task AgeAsync(TimeSpan elapsed, CancellationToken cancellationToken = default);
}
