using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>
/// The agents that are held back. The row of one that was let go stays, without a digest and with the moment of that: what failed before,
/// and is recorded only afterwards, holds back nobody.
/// </summary>
internal sealed class PostgresAgentHoldStore(PostgresDatabase database) : IAgentHoldStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<AgentHold>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<AgentHold>>(
            static session =>
                session.Query(
                    "SELECT * FROM agent_holds WHERE workspace = @workspace AND digest IS NOT NULL ORDER BY agent",
                    AttemptFields.MapHold
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(string agent, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    """
                    UPDATE agent_holds SET digest = NULL, since = @now
                    WHERE workspace = @workspace AND agent = @agent AND digest IS NOT NULL
                    """,
                    ("@agent", agent),
                    ("@now", now)
                ) == 1,
            cancellationToken
        );

    /// <summary>
    /// Holds back the agent of a run, where the end of its attempt says so, and lets it go where it says that the agent works, or that its
    /// entry was another one meanwhile. Of one that is held back already the first run is kept, as long as its entry is the same.
    /// </summary>
    public static void Note(PostgresSession session, Run run, RunEnd end)
    {
        if (end.AgentDigest is not { } digest)
        {
            return;
        }

        if (end is { State: RunState.Failed, Failure: RunFailure.SignIn or RunFailure.Service })
        {
            Hold(session, run, end, digest);
            return;
        }

        session.Execute(
            """
            UPDATE agent_holds SET digest = NULL, since = @end
            WHERE workspace = @workspace AND agent = @agent AND CASE
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

    private static void Hold(PostgresSession session, Run run, RunEnd end, string digest) =>
        session.Execute(
            """
            INSERT INTO agent_holds AS held (workspace, agent, failure, reason, run_id, since, digest)
            VALUES (@workspace, @agent, @failure, @reason, @run, @since, @digest)
            ON CONFLICT (workspace, agent) DO UPDATE SET failure = excluded.failure, reason = excluded.reason,
              run_id = excluded.run_id, since = excluded.since, digest = excluded.digest
            WHERE held.digest IS DISTINCT FROM excluded.digest
              AND (held.since < excluded.since OR (held.since = excluded.since AND held.digest IS NOT NULL))
            """,
            ("@agent", run.AgentName()),
            ("@failure", end.Failure.Name()),
            ("@reason", session.Redact(end.Reason)),
            ("@run", run.Id),
            ("@since", end.EndedAt),
            ("@digest", digest)
        );
}
