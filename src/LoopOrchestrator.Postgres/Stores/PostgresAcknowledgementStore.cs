using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>What has been seen.</summary>
internal sealed class PostgresAcknowledgementStore(PostgresDatabase database) : IAcknowledgementStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, DateTimeOffset>>(
            static session =>
                session
                    .Query("SELECT subject, until_at FROM acknowledgements WHERE workspace = @workspace", static row =>
                        (Subject: row.Text("subject")!, Until: row.Moment("until_at")!.Value)
                    )
                    .ToDictionary(static one => one.Subject, static one => one.Until, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<UnseenRuns>> UnseenDoneAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => UnseenRows.Done(session, since), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UnseenRuns>> UnseenFailedAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        database.ReadAsync(session => UnseenRows.Failed(session, since), cancellationToken);

    /// <inheritdoc/>
    public Task AcknowledgeAsync(string subject, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    "DELETE FROM acknowledgements WHERE workspace = @workspace AND until_at < @old",
                    ("@old", now - AcknowledgementSubject.Kept)
                )
                + session.Execute(
                    """
                    INSERT INTO acknowledgements AS known (workspace, subject, until_at) VALUES (@workspace, @subject, @until)
                    ON CONFLICT (workspace, subject) DO UPDATE SET until_at = GREATEST(known.until_at, excluded.until_at)
                    """,
                    ("@subject", subject),
                    ("@until", until)
                ),
            cancellationToken
        );
}
