using LoopOrchestrator.Core.Text;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// The tables and columns of one schema version, read from a database that this program makes for it. A file that came from elsewhere is
/// compared with it before any statement about its tables, and gives no name to a statement.
/// </summary>
internal sealed class SchemaShape
{
    private const int MaxNameLength = 60;

    private readonly Dictionary<string, SchemaTable> _tables;

    private SchemaShape(IReadOnlyList<SchemaTable> tables)
    {
        Tables = tables;
        _tables = tables.ToDictionary(static table => table.Name, StringComparer.Ordinal);
    }

    /// <summary>The tables, in the order in which they were made: one that leads to another comes behind it.</summary>
    public IReadOnlyList<SchemaTable> Tables { get; }

    /// <summary>The shape of a version.</summary>
    /// <param name="version">From 1 to <see cref="SchemaMigrations.Newest"/>.</param>
    public static SchemaShape Of(int version)
    {
        using var connection = DatabaseCopy.OpenFile(":memory:", SqliteOpenMode.ReadWriteCreate);
        SchemaMigrations.Apply(connection, version);
        return new SchemaShape(
            connection
                .Query("SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY rowid", static reader => reader.GetString(0))
                .Where(static name => !IsOfSqlite(name))
                .Select(name => new SchemaTable(name, ColumnsOf(connection, name)))
                .ToList()
        );
    }

    /// <summary>
    /// What a database has that this version has not, as a sentence's part: a view or a trigger, which would act in statements of ours, a
    /// table of another kind or name, a column. <see langword="null"/> where there is none. What it lacks is for
    /// <see cref="SchemaMigrations.FindMissing"/> to tell.
    /// </summary>
    public string? FindOther(SqliteConnection connection)
    {
        var others = connection.Query(
            "SELECT type, name FROM sqlite_schema WHERE type NOT IN ('table', 'index') ORDER BY type, name LIMIT 1",
            static reader => $"the {Shown(reader.GetString(0))} {Shown(reader.GetString(1))}"
        );
        if (others is [var other])
        {
            return $"it has {other}, and this program makes none";
        }

        foreach (
            var (name, kind) in connection.Query(
                "SELECT name, type FROM pragma_table_list WHERE schema = 'main' ORDER BY name",
                static reader => (reader.GetString(0), reader.GetString(1))
            )
        )
        {
            if (IsOfSqlite(name))
            {
                continue;
            }

            if (kind != "table" || !_tables.TryGetValue(name, out var table))
            {
                return $"it has the {Shown(kind)} {Shown(name)}, which is none of this program's";
            }

            if (!table.Columns.SequenceEqual(ColumnsOf(connection, name)) && FindColumn(table, ColumnsOf(connection, name)) is { } column)
            {
                return $"its table {name} {column}";
            }
        }

        return null;
    }

    // A database that came here step by step has its columns in another order than a new one.
    private static string? FindColumn(SchemaTable table, IReadOnlyList<SchemaColumn> there)
    {
        var known = table.Columns.ToDictionary(static column => column.Name, StringComparer.Ordinal);
        foreach (var column in there)
        {
            if (!known.Remove(column.Name, out var ours) || ours != column)
            {
                return $"has the column {Shown(column.Name)}, which is none of this program's";
            }
        }

        return known.Count == 0 ? null : $"lacks the column {known.Keys.First()}";
    }

    private static List<SchemaColumn> ColumnsOf(SqliteConnection connection, string table) =>
        connection.Query(
            "SELECT name, hidden FROM pragma_table_xinfo(@table)",
            static reader => new SchemaColumn(reader.GetString(0), reader.GetInt64(1) != 0),
            ("@table", table)
        );

    // Names that only SQLite itself can give, such as those of its own statistics.
    private static bool IsOfSqlite(string name) => name.StartsWith("sqlite_", StringComparison.OrdinalIgnoreCase);

    private static string Shown(string text) => $"'{TextCut.Shorten(text, MaxNameLength)}'";
}
