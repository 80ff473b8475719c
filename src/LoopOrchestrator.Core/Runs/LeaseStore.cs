using LoopOrchestrator.Core.State;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// How long the holders of hand-offs have not been heard of. It is added up while a server looks, in pieces that its own clock
/// measured, and kept in the database: so no jump of a clock, no sleep of the machine and no time without a server counts, and a
/// restart forgets nothing.
/// </summary>
internal sealed class LeaseStore(StateDatabase database)
{
    private const string Held = "state = 'running' AND lease_token IS NOT NULL AND lease_kind IS NOT 'agent'";

    /// <summary>The holder of a run was heard of.</summary>
    public Task<bool> BeatAsync(string id, string token, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                $"UPDATE runs SET lease_beat = lease_beat + 1 WHERE id = @id AND {Held} AND lease_token = @token AND lease_beat "
                    + "= lease_seen",
                ("@id", id),
                ("@token", token)) == 1,
            cancellationToken);

    /// <summary>Somebody who has the token goes on with what a client left that is gone: it is his claim now.</summary>
    public Task<bool> TakeOverAsync(string id, string token, string? owner, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                $"UPDATE runs SET lease_kind = 'claim', lease_owner = @owner, lease_gone_at = NULL, lease_beat = lease_beat + 1 WHERE id "
                    + $"= @id AND {Held} AND lease_token = @token",
                ("@id", id),
                ("@token", token),
                ("@owner", owner)) == 1,
            cancellationToken);

    /// <summary>A client lives, and so do the leases of what it took for itself. False when it holds nothing any more.</summary>
    public Task<bool> RenewAsync(string owner, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                $"UPDATE runs SET lease_beat = CASE WHEN lease_beat = lease_seen THEN lease_beat + 1 ELSE lease_beat END WHERE {Held} "
                    + "AND lease_kind = 'client' AND lease_owner = @owner",
                ("@owner", owner)) > 0,
            cancellationToken);

    /// <summary>A client is gone; said once of each run that it holds.</summary>
    public Task<bool> NoteGoneAsync(string owner, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                $"UPDATE runs SET lease_gone_at = @now WHERE {Held} AND lease_kind = 'client' AND lease_owner = @owner AND "
                    + "lease_gone_at IS NULL",
                ("@owner", owner),
                ("@now", now)) > 0,
            cancellationToken);

    /// <summary>Some time has passed for all holders: those that were heard of in it begin anew.</summary>
    public Task AgeAsync(TimeSpan elapsed, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                $"""
                UPDATE runs SET lease_idle_ms = CASE WHEN lease_beat = lease_seen THEN lease_idle_ms + @elapsed ELSE 0 END, lease_seen = lease_beat
                WHERE {Held}
                """,
                ("@elapsed", (long)elapsed.TotalMilliseconds)),
            cancellationToken);
}
