using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// The agents that are held back in the database. The row of one that was let go stays, without a digest and with the moment of that:
/// what failed before, and is recorded only afterwards, holds back nobody.
/// </summary>
internal sealed class SqliteAgentHoldStore(StateDatabase database) : IAgentHoldStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<AgentHold>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<AgentHold>>(
            static connection =>
                connection.Query("SELECT * FROM agent_holds WHERE digest IS NOT NULL ORDER BY agent", static reader =>
                    AttemptFields.MapHold(new SqliteRow(reader))
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(string agent, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    "UPDATE agent_holds SET digest = NULL, since = @now WHERE agent = @agent AND digest IS NOT NULL",
                    ("@agent", agent),
                    ("@now", now)
                ) == 1,
            cancellationToken
        );

    /// <summary>
    /// Holds back the agent of a run, where the end of its attempt says so, and lets it go where it says that the agent works, or that its
    /// entry was another one meanwhile. Of one that is held back already the first run is kept, as long as its entry is the same.
    /// </summary>
    public static void Note(SqliteConnection connection, Run run, RunEnd end)
    {
        if (end.AgentDigest is not { } digest)
        {
            return;
        }

        if (end is { State: RunState.Failed, Failure: RunFailure.SignIn or RunFailure.Service })
        {
            Hold(connection, run, end, digest);
            return;
        }

        connection.Execute(
            """
            UPDATE agent_holds SET digest = NULL, since = @end
            WHERE agent = @agent AND CASE
              WHEN digest IS NULL OR digest = @digest THEN @works AND since < @end
              ELSE since <= @begin
            END
            """,
            ("@agent", run.AgentName()),
            ("@digest", digest),
            ("@works", end.State is RunState.Succeeded or RunState.NeedsInput),
            ("@begin", run.AttemptStartedAt ?? run.CreatedAt),
            ("@end", end.EndedAt)
        );
    }

    private static void Hold(SqliteConnection connection, Run run, RunEnd end, string digest) =>
        connection.Execute(
            """
            INSERT INTO agent_holds (agent, failure, reason, run_id, since, digest)
            VALUES (@agent, @failure, @reason, @run, @since, @digest)
            ON CONFLICT (agent) DO UPDATE SET failure = excluded.failure, reason = excluded.reason, run_id = excluded.run_id,
              since = excluded.since, digest = excluded.digest
            WHERE digest IS NOT excluded.digest AND (since < excluded.since OR (since = excluded.since AND digest IS NOT NULL))
            """,
            ("@agent", run.AgentName()),
            ("@failure", end.Failure.Name()),
            ("@reason", connection.Redact(end.Reason)),
            ("@run", run.Id),
            ("@since", end.EndedAt),
            ("@digest", digest)
        );
}
