using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Storage.Sqlite.Database;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>What has been seen, in the database.</summary>
internal sealed class SqliteAcknowledgementStore(StateDatabase database) : IAcknowledgementStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyDictionary<string, DateTimeOffset>> ListAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, DateTimeOffset>>(
            static connection =>
                connection
                    .Query("SELECT subject, until_at FROM acknowledgements", static reader =>
                        (Subject: reader.Text("subject")!, Until: reader.Moment("until_at")!.Value)
                    )
                    .ToDictionary(static one => one.Subject, static one => one.Until, StringComparer.Ordinal),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<UnseenRuns>> UnseenDoneAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => UnseenRows.Done(connection, since), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<UnseenRuns>> UnseenFailedAsync(DateTimeOffset since, CancellationToken cancellationToken = default) =>
        database.ReadAsync(connection => UnseenRows.Failed(connection, since), cancellationToken);

    /// <inheritdoc/>
    public Task AcknowledgeAsync(string subject, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
                connection.Execute("DELETE FROM acknowledgements WHERE until_at < @old", ("@old", now - AcknowledgementSubject.Kept))
                + connection.Execute(
                    """
                    INSERT INTO acknowledgements (subject, until_at) VALUES (@subject, @until)
                    ON CONFLICT (subject) DO UPDATE SET until_at = MAX(until_at, excluded.until_at)
                    """,
                    ("@subject", subject),
                    ("@until", until)
                ),
            cancellationToken
        );
}
