using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Timing.Indexing;
using LoopOrchestrator.Core.Timing.Rows;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Indexes;

/// <summary>Reads the tables of the index. For one connection, within one transaction.</summary>
internal sealed class TimingTables(SqliteConnection connection) : ITimingEntries, IDisposable
{
    private const int HashSize = 16;
    private readonly byte[] _hash = new byte[HashSize];
    private readonly Dictionary<int, byte[]> _places = [];
    private readonly Dictionary<int, byte[]> _intervals = [];
    private SqliteCommand? _findTask;
    private SqliteCommand? _findStart;

    /// <inheritdoc/>
    public TimingCheckpoint? Checkpoint() =>
        connection.Query("SELECT * FROM checkpoint WHERE id = 1", static reader => new TimingCheckpoint(
            reader.Integer("generation")!.Value,
            reader.Integer("position")!.Value,
            new TimingLinesState(
                Number(reader, "line"),
                Number(reader, "headers"),
                Number(reader, "blank"),
                Number(reader, "repaired"),
                Number(reader, "not_understood"),
                reader.IsDBNull(reader.GetOrdinal("header")) ? null : Text(reader, reader.GetOrdinal("header")),
                reader.Integer("saw_content") == 1,
                Number(reader, "lines_before")
            ),
            Number(reader, "intervals"),
            Number(reader, "tasks"),
            Number(reader, "starts"),
            Number(reader, "findings"),
            Number(reader, "unmatched"),
            reader.Integer("file_length")!.Value,
            reader.Integer("file_written")!.Value,
            reader.GetFieldValue<byte[]>(reader.GetOrdinal("head")),
            reader.GetFieldValue<byte[]>(reader.GetOrdinal("tail")),
            Text(reader, reader.GetOrdinal("months"))
        ))
            is [var only]
            ? only
            : null;

    /// <inheritdoc/>
    public List<string> Names(int kind) =>
        connection.Query("SELECT name FROM names WHERE kind = $kind ORDER BY id", static reader => Text(reader, 0), ("$kind", kind));

    /// <inheritdoc/>
    public int? FindTask(UInt128 hash)
    {
        _findTask ??= connection.Command("SELECT id FROM tasks WHERE hash = $hash", ("$hash", _hash));
        BinaryPrimitives.WriteUInt128BigEndian(_hash, hash);
        return _findTask.ExecuteScalar() is long number ? (int)number : null;
    }

    /// <inheritdoc/>
    public OpenRow? FindStart(string taskId)
    {
        _findStart ??= connection.Command("SELECT id, position, line, start FROM starts WHERE id = $id", ("$id", Array.Empty<byte>()));
        _findStart.Parameters[0].Value = Encoding.UTF8.GetBytes(taskId);
        using var reader = _findStart.ExecuteReader();
        return reader.Read() ? Start(reader).Value : null;
    }

    /// <inheritdoc/>
    public List<KeyValuePair<string, OpenRow>> Starts(TimingFilter filter, bool latestFirst, int limit)
    {
        var order = latestFirst ? "start DESC, line DESC" : "start, line";
        using var command = connection.Command(
            $"SELECT id, position, line, start FROM starts WHERE {StartCondition(filter)} ORDER BY {order} LIMIT $limit",
            ("$limit", limit)
        );
        AddParameters(command, filter);
        using var reader = command.ExecuteReader();
        var rows = new List<KeyValuePair<string, OpenRow>>();
        while (reader.Read())
        {
            rows.Add(Start(reader));
        }

        return rows;
    }

    /// <inheritdoc/>
    public int CountStarts(TimingFilter filter)
    {
        using var command = connection.Command($"SELECT count(*) FROM starts WHERE {StartCondition(filter)}");
        AddParameters(command, filter);
        return Convert.ToInt32(command.ExecuteScalar());
    }

    /// <inheritdoc/>
    public void Chunks(long from, long to, ITimingTables.ChunkAction chunk)
    {
        using var command = connection.Command(
            "SELECT id, intervals FROM chunks WHERE last_start >= $from AND first_start < $to ORDER BY id DESC",
            ("$from", from),
            ("$to", to)
        );
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            chunk(reader.GetInt32(0) * TimingIndexSchema.ChunkSize, MemoryMarshal.Cast<byte, Interval>(reader.GetFieldValue<byte[]>(1)));
        }
    }

    /// <inheritdoc/>
    public Place Place(int interval) => One<Place>("SELECT places FROM places WHERE id = $id", _places, interval);

    /// <inheritdoc/>
    public Interval Interval(int interval) => One<Interval>("SELECT intervals FROM chunks WHERE id = $id", _intervals, interval);

    /// <inheritdoc/>
    public string? Header(long offset) =>
        connection.Query(
            "SELECT header FROM headers WHERE position < $offset ORDER BY position DESC LIMIT 1",
            static reader => Text(reader, 0),
            ("$offset", offset)
        )
            is [var only]
            ? only
            : null;

    /// <inheritdoc/>
    public List<Diagnostic> Diagnostics(int limit) =>
        connection.Query(
            "SELECT rank, line, message, file FROM findings ORDER BY rank, number LIMIT $limit",
            static reader => new Diagnostic(
                (DiagnosticSeverity)(-reader.GetInt32(0)),
                Text(reader, 3),
                reader.IsDBNull(1) ? null : reader.GetInt32(1),
                null,
                Text(reader, 2)
            ),
            ("$limit", limit)
        );

    /// <inheritdoc/>
    public void Clear() => TimingEntries.Clear(connection);

    /// <inheritdoc/>
    public void Write(TimingCheckpoint from, TimingCheckpoint to, TimingDelta delta) => TimingEntries.Write(connection, from, to, delta);

    /// <inheritdoc/>
    public void Dispose()
    {
        _findTask?.Dispose();
        _findStart?.Dispose();
    }

    private T One<T>(string sql, Dictionary<int, byte[]> read, int interval)
        where T : struct
    {
        var id = interval / TimingIndexSchema.ChunkSize;
        if (!read.TryGetValue(id, out var bytes))
        {
            bytes = connection.Query(sql, static reader => reader.GetFieldValue<byte[]>(0), ("$id", id)) is [var only]
                ? only
                : throw new StaleIndexException();
            read.Add(id, bytes);
        }

        return MemoryMarshal.Cast<byte, T>(bytes)[interval % TimingIndexSchema.ChunkSize];
    }

    private static string StartCondition(TimingFilter filter) =>
        "start >= $from AND start < "
        + $"$to{In("mode", filter.Modes)}{In("priority", filter.Priorities)}"
        + $"{(filter.Task is null ? "" : " AND task = $task")}{(filter.WithId ? " AND id <> x''" : "")}";

    // The numbers are ours, so nothing of a row gets into the statement.
    private static string In(string column, IReadOnlyCollection<int>? numbers) =>
        numbers is null ? "" : $" AND {column} IN ({string.Join(',', numbers)})";

    private static void AddParameters(SqliteCommand command, TimingFilter filter)
    {
        command.Parameters.AddWithValue("$from", filter.From);
        command.Parameters.AddWithValue("$to", filter.To);
        if (filter.Task is { } task)
        {
            command.Parameters.AddWithValue("$task", TaskNumbers.ShortHash(task));
        }
    }

    private static KeyValuePair<string, OpenRow> Start(SqliteDataReader reader) =>
        KeyValuePair.Create(Text(reader, 0), new OpenRow(reader.GetInt64(1), reader.GetInt32(2), reader.GetInt64(3)));

    private static int Number(SqliteDataReader reader, string column) => checked((int)reader.Integer(column)!.Value);

    private static string Text(SqliteDataReader reader, int ordinal) => Encoding.UTF8.GetString(reader.GetFieldValue<byte[]>(ordinal));
}
