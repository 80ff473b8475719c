using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Secrets;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// What is read where there is no database: what the time log tells of runs, in memory. Whoever only looks leaves no trace. Safe for many
/// threads.
/// </summary>
internal sealed class WitnessDatabase(WorkspacePaths paths, IDatabaseRebuild rebuild, Redactor redactor) : IDisposable
{
    private readonly Lock _turn = new();
    private PreparedConnection? _connection;
    private DateTime _writtenAt;

    /// <summary>Reads.</summary>
    public T Read<T>(Func<SqliteConnection, T> read)
    {
        lock (_turn)
        {
            var writtenAt = File.GetLastWriteTimeUtc(paths.Timing);
            if (_connection is null || writtenAt != _writtenAt)
            {
                _connection?.Dispose();
                _connection = Open();
                _writtenAt = writtenAt;
            }

            return read(_connection);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_turn)
        {
            _connection?.Dispose();
            _connection = null;
        }
    }

    private PreparedConnection Open()
    {
        var connection = new PreparedConnection("Data Source=:memory:", redactor);
        try
        {
            connection.Open();
            SchemaMigrations.Apply(connection);
            if (rebuild.HasWitness())
            {
                rebuild.Fill(connection);
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
