using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Indexing;

namespace LoopOrchestrator.Core.Storage.Sqlite.Indexes;

/// <summary>The index of the time log in an SQLite database of its own.</summary>
internal sealed class SqliteTimingIndexStore(WorkspacePaths paths) : ITimingIndexStore
{
    private readonly IndexDatabase _database = new(paths, "timing", TimingIndexSchema.Version, TimingIndexSchema.Tables);

    /// <inheritdoc/>
    public T Read<T>(Func<ITimingTables, T> read) =>
        _database.Use(connection =>
        {
            using var transaction = connection.BeginTransaction(deferred: true);
            using var tables = new TimingTables(connection);
            return read(tables);
        });

    /// <inheritdoc/>
    public T Write<T>(Func<ITimingEntries, T> write) =>
        _database.Use(connection =>
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            using var tables = new TimingTables(connection);
            var result = write(tables);
            transaction.Commit();
            return result;
        });

    /// <inheritdoc/>
    public void Dispose() => _database.Dispose();
}
