using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The agents that are held back in the database.</summary>
internal sealed class SqliteAgentHoldStore(StateDatabase database) : IAgentHoldStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<AgentHold>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<AgentHold>>(
            static connection => connection.Query("SELECT * FROM agent_holds ORDER BY agent", Map),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> ReleaseAsync(string agent, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute("DELETE FROM agent_holds WHERE agent = @agent", ("@agent", agent)) == 1,
            cancellationToken
        );

    /// <summary>
    /// Holds back the agent of a run, where the end of its attempt says so. Of one that is held back already the first run is kept, as long
    /// as its entry is the same.
    /// </summary>
    public static void Note(SqliteConnection connection, Run run, RunEnd end)
    {
        if (end is not { State: RunState.Failed, Failure: RunFailure.SignIn or RunFailure.Service, AgentDigest: { } digest })
        {
            return;
        }

        connection.Execute(
            """
            INSERT INTO agent_holds (agent, failure, reason, run_id, since, digest)
            VALUES (@agent, @failure, @reason, @run, @since, @digest)
            ON CONFLICT (agent) DO UPDATE SET failure = excluded.failure, reason = excluded.reason, run_id = excluded.run_id,
              since = excluded.since, digest = excluded.digest
            WHERE digest IS NOT excluded.digest
            """,
            ("@agent", run.AgentName()),
            ("@failure", end.Failure.Name()),
            ("@reason", connection.Redact(end.Reason)),
            ("@run", run.Id),
            ("@since", end.EndedAt),
            ("@digest", digest)
        );
    }

    private static AgentHold Map(SqliteDataReader reader) =>
        new(
            reader.Text("agent")!,
            RunNames.Failure(reader.Text("failure")) ?? RunFailure.Service,
            reader.Text("reason")!,
            reader.Text("run_id")!,
            reader.Moment("since")!.Value
        )
        {
            Digest = reader.Text("digest"),
        };
}
