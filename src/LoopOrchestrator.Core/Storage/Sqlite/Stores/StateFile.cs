using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// The file that states are moved as, whatever backend they are kept in: a database of SQLite, row by row. Values are as SQLite has them:
/// texts, whole numbers and numbers, with moments as milliseconds since 1970 and flags as 0 and 1.
/// </summary>
internal sealed class StateFile : IDisposable
{
    private const string Counts = """
        SELECT (SELECT count(*) FROM runs) AS runs, (SELECT count(*) FROM runs WHERE state = 'running') AS going,
          (SELECT count(*) FROM occurrences) AS occurrences
        """;

    // They are about processes of the machine that they were written on.
    private static readonly HashSet<string> Local = new(StringComparer.Ordinal) { "servers", "sessions" };

    private readonly SqliteConnection _connection;
    private readonly DatabaseCopy? _copy;

    private StateFile(SqliteConnection connection, DatabaseCopy? copy)
    {
        _connection = connection;
        _copy = copy;
    }

    /// <summary>The tables that are moved; one that leads to another comes behind it.</summary>
    public static IReadOnlyList<SchemaTable> Tables =>
        [.. SchemaShape.Of(SchemaMigrations.Newest).Tables.Where(static table => !Local.Contains(table.Name))];

    /// <summary>Brings a file to the form of this version, and says what it holds; see <see cref="IStateTransfer.Prepare"/>.</summary>
    /// <exception cref="UserErrorException">It is none, is damaged, or is of a newer version.</exception>
    public static TransferredState Prepare(string file)
    {
        try
        {
            if (DatabaseOwner.FindForeignState(file) is { } foreign)
            {
                throw new UserErrorException($"The exported state is not this program's: {foreign}. Nothing was changed.");
            }

            using var connection = DatabaseCopy.OpenFile(file, SqliteOpenMode.ReadWrite);
            TransferredFile.Check(connection);
            return Count(connection);
        }
        catch (SqliteException exception)
        {
            throw TransferredFile.Damaged(exception);
        }
    }

    /// <summary>What a database holds.</summary>
    public static TransferredState Count(SqliteConnection connection) =>
        connection.Query(Counts, static reader => new TransferredState(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2)))[0];

    /// <summary>Returns where nothing is going on in the state that is to be replaced.</summary>
    /// <exception cref="UserErrorException">Something is.</exception>
    public static void RefuseGoing(TransferredState there)
    {
        if (there.Going is > 0 and var going)
        {
            throw new UserErrorException(
                $"{going} run(s) of this workspace are going on, and would have no record any more. Nothing was changed. Wait for "
                    + "their end, or cancel them with 'loop-orchestrator runs cancel ID'."
            );
        }
    }

    /// <summary>Makes a file that is not there yet. Nothing is in it before <see cref="Commit"/>.</summary>
    /// <exception cref="UserErrorException">It is there, or cannot be written.</exception>
    public static StateFile Create(string file)
    {
        if (Path.Exists(file))
        {
            throw new UserErrorException($"{file} is there already, and was left as it is. Give a name that is free.");
        }

        var made = Written(file, () => new StateFile(DatabaseCopy.OpenFile(file, SqliteOpenMode.ReadWriteCreate), copy: null));
        try
        {
            Written(
                file,
                () =>
                {
                    SchemaMigrations.Apply(made._connection);
                    made._connection.Execute("BEGIN");
                    return made._connection.Execute("PRAGMA defer_foreign_keys = ON");
                }
            );
            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Opens a prepared file as it is to be elsewhere: what was going on is interrupted in a copy, and the file itself stays as it is.
    /// </summary>
    /// <param name="file">The prepared file.</param>
    /// <param name="takenAt">When it was taken.</param>
    /// <param name="redactor">What takes credentials out of what is noted of that.</param>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public static StateFile OpenMoved(string file, DateTimeOffset takenAt, Redactor redactor)
    {
        var copy = DatabaseCopy.Make(file);
        var settings = new SqliteConnectionStringBuilder { DataSource = copy.Path, Pooling = false };
        var moved = new StateFile(new PreparedConnection(settings.ToString(), redactor), copy);
        try
        {
            moved.Interrupt(takenAt);
            return moved;
        }
        catch (SqliteException exception)
        {
            moved.Dispose();
            throw TransferredFile.Damaged(exception);
        }
        catch
        {
            moved.Dispose();
            throw;
        }
    }

    /// <summary>Reads the rows of a table, each with the values of its written columns; the array is the same one each time.</summary>
    /// <exception cref="UserErrorException">They cannot be read.</exception>
    public void Read(SchemaTable table, Action<object[]> row)
    {
        try
        {
            using var command = _connection.Command($"SELECT {string.Join(", ", table.Written)} FROM {table.Quoted}");
            using var reader = command.ExecuteReader();
            var values = new object[table.Written.Count];
            while (reader.Read())
            {
                reader.GetValues(values);
                row(values);
            }
        }
        catch (SqliteException exception)
        {
            throw TransferredFile.Damaged(exception);
        }
    }

    /// <summary>Prepares to add rows to a table, and gives what adds one, by the values of its written columns.</summary>
    public Action<object[]> Add(SchemaTable table)
    {
        var names = table.Written;
        var command = _connection.Command(
            $"INSERT INTO {table.Quoted} ({string.Join(", ", names)}) "
                + $"VALUES ({string.Join(", ", names.Select(static (_, index) => $"@p{index}"))})"
        );
        foreach (var index in Enumerable.Range(0, names.Count))
        {
            command.Parameters.Add(new SqliteParameter($"@p{index}", DBNull.Value));
        }

        return values =>
            Written(
                _connection.DataSource,
                () =>
                {
                    for (var index = 0; index < values.Length; index++)
                    {
                        command.Parameters[index].Value = values[index];
                    }

                    return command.ExecuteNonQuery();
                }
            );
    }

    /// <summary>Ends what <see cref="Create"/> began: all of it is in the file then.</summary>
    public void Commit() => Written(_connection.DataSource, () => _connection.Execute("COMMIT"));

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection.Dispose();
        _copy?.Dispose();
    }

    private void Interrupt(DateTimeOffset takenAt)
    {
        _connection.Open();
        TransferredFile.Check(_connection);
        using var transaction = _connection.BeginTransaction();
        MovedRunRows.Interrupt(_connection, takenAt);
        transaction.Commit();
    }

    private static T Written<T>(string file, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (SqliteException exception)
        {
            throw new UserErrorException(
                $"{file} cannot be written: {exception.Message}. Check that its folder is there, that this user may write it and that the "
                    + "disk has space.",
                exception
            );
        }
    }
}
