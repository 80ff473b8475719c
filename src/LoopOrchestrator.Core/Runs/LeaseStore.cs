using LoopOrchestrator.Core.State;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// How long the holders of claimed runs have not been heard of. It is added up while a server looks, in pieces that its own clock
/// measured, and kept in the database: so no jump of a clock, no sleep of the machine and no time without a server counts, and a
/// restart forgets nothing.
/// </summary>
internal sealed class LeaseStore(StateDatabase database)
{
    /// <summary>The holder of a run was heard of.</summary>
    public Task<bool> BeatAsync(string id, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                "UPDATE runs SET lease_beat = lease_beat + 1 WHERE id = @id AND state = 'running' AND lease_token IS NOT NULL AND lease_beat = lease_seen",
                ("@id", id)) == 1,
            cancellationToken);

    /// <summary>Some time has passed for all holders: those that were heard of in it begin anew.</summary>
    public Task AgeAsync(TimeSpan elapsed, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE runs SET lease_idle_ms = CASE WHEN lease_beat = lease_seen THEN lease_idle_ms + @elapsed ELSE 0 END, lease_seen = lease_beat
                WHERE state = 'running' AND lease_token IS NOT NULL
                """,
                ("@elapsed", (long)elapsed.TotalMilliseconds)),
            cancellationToken);
}
