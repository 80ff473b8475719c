using System.Data;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Telemetry;
using Npgsql;

namespace LoopOrchestrator.Postgres.Database;

/// <summary>
/// One workspace in a database that several share. Whatever is written goes through one transaction at a time of a workspace, over all
/// nodes, as in the embedded database: the rules that stores ask within it see all that was decided before. Other workspaces write beside
/// it. Safe for many threads.
/// </summary>
/// <param name="source">The connections.</param>
/// <param name="workspace">The key of the workspace.</param>
/// <param name="redactor">What takes credentials out of the texts that are kept for people.</param>
internal sealed class PostgresDatabase(PostgresSource source, string workspace, Redactor redactor) : IStorageHealth, IDisposable
{
    // Held until the transaction ends. Two workspaces with the same hash would take turns, and nothing else.
    private const string TakeTurn = "SELECT pg_advisory_xact_lock(hashtextextended(@workspace, 5132))";

    private readonly SemaphoreSlim _writeTurn = new(1, 1);
    private int _openings;

    /// <summary>What takes credentials out of the texts that are kept for people.</summary>
    public Redactor Redactor => redactor;

    /// <inheritdoc/>
    public int Openings => _openings;

    /// <inheritdoc/>
    public bool IsMissing => false;

    /// <inheritdoc/>
    public bool IsGone => false;

    /// <inheritdoc/>
    /// <remarks>The server has no such number for one workspace, and what is read is read anew.</remarks>
    public Task<StorageMark?> MarkAsync(CancellationToken cancellationToken = default) => Task.FromResult<StorageMark?>(null);

    /// <inheritdoc/>
    public Task CheckAsync(bool whole, CancellationToken cancellationToken = default) =>
        UseAsync(
            connection =>
            {
                using var command = new NpgsqlCommand("SELECT 1", connection);
                command.ExecuteNonQuery();
                if (whole)
                {
                    PostgresMigrations.RefuseIncomplete(connection, source.Name);
                }

                return true;
            },
            cancellationToken
        );

    /// <summary>Runs a read on a connection of its own. Each of its statements sees what was committed when it began.</summary>
    public Task<T> ReadAsync<T>(Func<PostgresSession, T> read, CancellationToken cancellationToken = default) =>
        UseAsync(connection => read(Session(connection)), cancellationToken);

    /// <summary>Runs a read that sees one moment in all of its statements.</summary>
    public Task<T> ReadSnapshotAsync<T>(Func<PostgresSession, T> read, CancellationToken cancellationToken = default) =>
        UseAsync(
            connection =>
            {
                using var transaction = connection.BeginTransaction(IsolationLevel.RepeatableRead);
                return read(Session(connection));
            },
            cancellationToken
        );

    /// <summary>
    /// Runs one transaction that writes. When the returned task ends, it is committed and on the server's disk; when
    /// <paramref name="write"/> throws, nothing of it has happened. It may be called a second time, where the first came to nothing.
    /// </summary>
    public async Task<T> WriteAsync<T>(Func<PostgresSession, T> write, CancellationToken cancellationToken = default)
    {
        var asked = TimeProvider.System.GetTimestamp();
        await _writeTurn.WaitAsync(cancellationToken);
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            return await UseAsync(
                connection =>
                {
                    using var transaction = connection.BeginTransaction(IsolationLevel.ReadCommitted);
                    var session = Session(connection);
                    session.Execute(TakeTurn);
                    var result = write(session);
                    Commit(transaction);
                    session.Committed();
                    return result;
                },
                cancellationToken
            );
        }
        finally
        {
            _writeTurn.Release();
            LoopMetrics.LockWait.Record(TimeProvider.System.GetElapsedTime(asked, begun).TotalSeconds);
            LoopMetrics.WriteDuration.Record(TimeProvider.System.GetElapsedTime(begun).TotalSeconds);
        }
    }

    /// <summary>Lets go of what is its own; the connections are the source's.</summary>
    public void Dispose() => _writeTurn.Dispose();

    private PostgresSession Session(NpgsqlConnection connection) => new(connection, workspace, redactor);

    private async Task<T> UseAsync<T>(Func<NpgsqlConnection, T> use, CancellationToken cancellationToken)
    {
        var result = await source.UseAsync(use, cancellationToken);
        Interlocked.CompareExchange(ref _openings, 1, 0);
        return result;
    }

    // Behind this only the server knows whether it is recorded, and so it is not tried again.
    private void Commit(NpgsqlTransaction transaction)
    {
        try
        {
            transaction.Commit();
        }
        catch (NpgsqlException exception) when (PostgresFault.LeavesDoubt(exception))
        {
            throw PostgresFault.InDoubt(exception, source.Name);
        }
    }
}
