using System.Globalization;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Text;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>
/// A database file that came from elsewhere. What is wrong with it is told as that, and never taken for damage of the workspace's own.
/// </summary>
internal sealed class TransferredFile : IDisposable
{
    // Runs ask for runs to a depth of five; a chain of so many has no beginning.
    private const int MaxChainLength = 50;

    private const int MaxShownLength = 60;

    // Names of folders below .loop: an id with what tells its start apart from others.
    private const string Folders = """
        SELECT check_folder FROM occurrences WHERE check_folder IS NOT NULL
        UNION ALL
        SELECT folder FROM cycle_items WHERE folder IS NOT NULL
        """;

    private const string Chains = """
        WITH RECURSIVE up (parent, length) AS (
            SELECT parent_run_id, 1 FROM runs WHERE parent_run_id IS NOT NULL
            UNION
            SELECT runs.parent_run_id, up.length + 1 FROM up JOIN runs ON runs.id = up.parent
            WHERE runs.parent_run_id IS NOT NULL AND up.length < @most)
        SELECT COUNT(*) FROM up WHERE length >= @most
        """;

    private readonly SqliteConnection _connection;

    /// <summary>Opens one that passed <see cref="Check"/>.</summary>
    /// <exception cref="UserErrorException">It cannot be read.</exception>
    public TransferredFile(string file)
    {
        try
        {
            _connection = DatabaseCopy.OpenFile(file, SqliteOpenMode.ReadOnly);
            Distrust(_connection);
        }
        catch (SqliteException exception)
        {
            _connection?.Dispose();
            throw Damaged(exception);
        }
    }

    /// <summary>
    /// Looks at all of it, and brings it to the newest schema. Nothing of the file's own is carried out by that: no trigger, no view, no
    /// function in its schema that is not harmless.
    /// </summary>
    /// <exception cref="UserErrorException">It is damaged, newer than this program, or has what no version of it has.</exception>
    public static void Check(SqliteConnection connection)
    {
        Distrust(connection);
        var version = connection.Scalar("PRAGMA user_version");
        if (version <= 0)
        {
            throw Damaged("there is nothing in it");
        }

        if (version <= SchemaMigrations.Newest && SchemaShape.Of((int)version).FindOther(connection) is { } other)
        {
            throw Damaged(other);
        }

        if (StateFault.FindDamage(connection, "quick_check") is { } damage)
        {
            throw Damaged(damage);
        }

        SchemaMigrations.Apply(connection);
        CheckRows(connection);
    }

    /// <summary>Copies the rows of a table, which has none there.</summary>
    /// <exception cref="UserErrorException">They cannot be read, or are none that this program writes.</exception>
    /// <exception cref="SqliteException">They cannot be written there.</exception>
    public void CopyTo(SqliteConnection to, SchemaTable table)
    {
        var columns = table.Written;
        var names = string.Join(", ", columns);
        using var read = _connection.Command($"SELECT {names} FROM {table.Quoted}");
        using var write = to.Command(
            $"INSERT INTO {table.Quoted} ({names}) VALUES ({string.Join(", ", columns.Select(static (_, index) => $"@p{index}"))})"
        );
        foreach (var index in Enumerable.Range(0, columns.Count))
        {
            write.Parameters.Add(new SqliteParameter($"@p{index}", DBNull.Value));
        }

        var values = new object[columns.Count];
        using var reader = Read(read.ExecuteReader);
        while (Read(reader.Read))
        {
            Read(() => reader.GetValues(values));
            for (var index = 0; index < values.Length; index++)
            {
                write.Parameters[index].Value = values[index];
            }

            try
            {
                write.ExecuteNonQuery();
            }
            catch (SqliteException exception) when (StateFault.IsOfARow(exception))
            {
                throw Damaged(exception);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();

    /// <summary>The error for a file that cannot be used.</summary>
    public static UserErrorException Damaged(string why) => new(Sentence(why));

    /// <summary>As above, where SQLite says so.</summary>
    public static UserErrorException Damaged(SqliteException exception) => new(Sentence(exception.Message), exception);

    private static string Sentence(string why) => $"The exported state cannot be used ({why}). Nothing was changed; take another export.";

    // https://www.sqlite.org/security.html, of databases that somebody else may have made.
    private static void Distrust(SqliteConnection connection)
    {
        connection.Execute("PRAGMA trusted_schema = OFF");
        connection.Execute("PRAGMA cell_size_check = ON");
    }

    // What later becomes a path, or is followed from row to row.
    private static void CheckRows(SqliteConnection connection)
    {
        var ids = connection.Query("SELECT id FROM runs", static reader => reader.GetString(0));
        if (ids.Find(static id => !RunId.IsWellFormed(id)) is { } id)
        {
            throw Damaged($"'{TextCut.Shorten(id, MaxShownLength)}' is no id of a run");
        }

        if (connection.Query(Folders, static reader => reader.GetString(0)).Find(static name => !IsPlain(name)) is { } folder)
        {
            throw Damaged($"'{TextCut.Shorten(folder, MaxShownLength)}' is no folder of this program");
        }

        if (connection.Scalar(Chains, ("@most", MaxChainLength)) > 0)
        {
            throw Damaged("its runs were asked for by each other without an end");
        }

        var dangling = connection.Query("PRAGMA foreign_key_check", static reader => reader.GetString(0));
        if (dangling.Count > 0)
        {
            throw Damaged(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{dangling.Count} row(s), the first in {dangling[0]}, lead to none that is there"
                )
            );
        }
    }

    private static bool IsPlain(string name) => name.Length > 0 && name.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    private static T Read<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (SqliteException exception)
        {
            throw Damaged(exception);
        }
    }
}
