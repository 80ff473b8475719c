using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// Lets the database of an earlier version be read without changing it: a copy is brought up to date and read, and made anew when the
/// original has changed. Used by one thread at a time.
/// </summary>
internal sealed class EarlierDatabase(string database) : IDisposable
{
    private DatabaseCopy? _copy;
    private (DateTime, long, DateTime, long) _stamp;

    /// <summary>
    /// A connection to the copy; <see langword="null"/> where the database is of this version, there is none, or it lacks what its version
    /// has.
    /// </summary>
    /// <exception cref="IOException">It cannot be copied.</exception>
    /// <exception cref="SqliteException">It cannot be read.</exception>
    public SqliteConnection? Open()
    {
        if (!DatabaseOwner.IsOfEarlierVersion(database))
        {
            return null;
        }

        var stamp = DatabaseCopy.Stamp(database);
        if (_copy is null || stamp != _stamp)
        {
            _copy?.Dispose();
            _copy = DatabaseCopy.Make(database);
            _stamp = stamp;
            using var made = _copy.Open();
            if (SchemaMigrations.FindMissing(made) is not null)
            {
                made.Dispose();
                Dispose();
                return null;
            }

            SchemaMigrations.Apply(made);
        }

        return _copy.Open();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _copy?.Dispose();
        _copy = null;
    }
}
