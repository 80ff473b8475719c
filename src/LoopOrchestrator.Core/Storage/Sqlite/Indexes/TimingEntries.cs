using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Timing.Indexing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Indexes;

/// <summary>Enters what lines add into the tables. For one connection, within one transaction that writes.</summary>
internal static class TimingEntries
{
    /// <summary>Empties the index.</summary>
    public static void Clear(SqliteConnection connection) => connection.Execute(TimingIndexSchema.Clear);

    /// <summary>Enters a delta and the checkpoint that it leads to.</summary>
    public static void Write(SqliteConnection connection, TimingCheckpoint from, TimingCheckpoint to, TimingDelta delta)
    {
        WriteIntervals(connection, from.Intervals, CollectionsMarshal.AsSpan(delta.Intervals), CollectionsMarshal.AsSpan(delta.Places));
        WriteStarts(connection, delta);
        WriteNames(connection, ITimingTables.ModeNames, delta.Modes);
        WriteNames(connection, ITimingTables.PriorityNames, delta.Priorities);
        WriteTasks(connection, delta.Tasks);
        WriteDiagnostics(connection, from.Diagnostics, delta.Diagnostics);
        foreach (var (offset, header) in delta.Headers)
        {
            connection.Execute(
                "INSERT OR REPLACE INTO headers (position, header) VALUES ($position, $header)",
                ("$position", offset),
                ("$header", Encoding.UTF8.GetBytes(header))
            );
        }

        WriteCheckpoint(connection, to);
    }

    private static void WriteIntervals(SqliteConnection connection, int first, ReadOnlySpan<Interval> intervals, ReadOnlySpan<Place> places)
    {
        while (intervals.Length > 0)
        {
            var (id, held) = Math.DivRem(first, TimingIndexSchema.ChunkSize);
            var count = Math.Min(TimingIndexSchema.ChunkSize - held, intervals.Length);
            var (from, to) = (long.MaxValue, long.MinValue);
            foreach (var interval in intervals[..count])
            {
                (from, to) = (Math.Min(from, interval.Start), Math.Max(to, interval.Start));
            }

            // The parts that are there stay in front.
            connection.Execute(
                """
                INSERT INTO chunks (id, first_start, last_start, intervals) VALUES ($id, $from, $to, $added)
                ON CONFLICT (id) DO UPDATE SET first_start = min(first_start, $from), last_start = max(last_start, $to),
                  intervals = CAST(intervals || $added AS BLOB)
                """,
                ("$id", id),
                ("$from", from),
                ("$to", to),
                ("$added", MemoryMarshal.AsBytes(intervals[..count]).ToArray())
            );
            connection.Execute(
                "INSERT INTO places (id, places) VALUES ($id, $added) ON CONFLICT (id) DO UPDATE SET places = CAST(places "
                    + "|| $added AS BLOB)",
                ("$id", id),
                ("$added", MemoryMarshal.AsBytes(places[..count]).ToArray())
            );
            intervals = intervals[count..];
            places = places[count..];
            first += count;
        }
    }

    private static void WriteStarts(SqliteConnection connection, TimingDelta delta)
    {
        using var remove = connection.Command(
            "DELETE FROM starts WHERE id = $id AND position = $position",
            ("$id", Array.Empty<byte>()),
            ("$position", 0L)
        );
        foreach (var (id, row) in delta.Starts.Closed)
        {
            remove.Parameters[0].Value = Encoding.UTF8.GetBytes(id);
            remove.Parameters[1].Value = row.Offset;
            remove.ExecuteNonQuery();
        }

        using var add = connection.Command(
            "INSERT INTO starts (id, position, line, start, mode, priority, task) VALUES ($id, $position, $line, $start, "
                + "$mode, $priority, $task)",
            ("$id", Array.Empty<byte>()),
            ("$position", 0L),
            ("$line", 0L),
            ("$start", 0L),
            ("$mode", 0L),
            ("$priority", 0L),
            ("$task", 0L)
        );
        foreach (var row in delta.Starts.Opened.OrderBy(static row => row.Entry!.TaskId, StringComparer.Ordinal))
        {
            var entry = row.Entry!;
            add.Parameters[0].Value = Encoding.UTF8.GetBytes(entry.TaskId);
            add.Parameters[1].Value = row.Offset;
            add.Parameters[2].Value = row.Line;
            add.Parameters[3].Value = row.Start;
            add.Parameters[4].Value = delta.Modes.Number(entry.Mode);
            add.Parameters[5].Value = delta.Priorities.Number(entry.Priority);
            add.Parameters[6].Value = TaskNumbers.ShortHash(entry.Task);
            add.ExecuteNonQuery();
        }
    }

    private static void WriteNames(SqliteConnection connection, int kind, NumberedNames names)
    {
        using var add = connection.Command(
            "INSERT INTO names (kind, id, name) VALUES ($kind, $id, $name)",
            ("$kind", kind),
            ("$id", 0L),
            ("$name", Array.Empty<byte>())
        );
        for (var number = names.Known; number < names.All.Count; number++)
        {
            add.Parameters[1].Value = number;
            add.Parameters[2].Value = Encoding.UTF8.GetBytes(names.All[number]);
            add.ExecuteNonQuery();
        }
    }

    private static void WriteTasks(SqliteConnection connection, TaskNumbers tasks)
    {
        var added = tasks.Added.ToArray();

        // In the order of the table, which makes a long list several times faster to enter.
        Array.Sort(added, static (one, other) => one.Key.CompareTo(other.Key));
        var hash = new byte[16];
        using var add = connection.Command("INSERT INTO tasks (hash, id) VALUES ($hash, $id)", ("$hash", hash), ("$id", 0L));
        foreach (var (key, number) in added)
        {
            BinaryPrimitives.WriteUInt128BigEndian(hash, key);
            add.Parameters[1].Value = (long)number;
            add.ExecuteNonQuery();
        }
    }

    private static void WriteDiagnostics(SqliteConnection connection, int number, List<Diagnostic> diagnostics)
    {
        using var add = connection.Command(
            "INSERT INTO findings (rank, number, file, line, message) VALUES ($rank, $number, $file, $line, $message)",
            ("$rank", 0L),
            ("$number", 0L),
            ("$line", 0L),
            ("$message", Array.Empty<byte>()),
            ("$file", Array.Empty<byte>())
        );
        foreach (var diagnostic in diagnostics)
        {
            add.Parameters[0].Value = -(int)diagnostic.Severity;
            add.Parameters[1].Value = number++;
            add.Parameters[2].Value = diagnostic.Line is { } line ? line : DBNull.Value;
            add.Parameters[3].Value = Encoding.UTF8.GetBytes(diagnostic.Message);
            add.Parameters[4].Value = Encoding.UTF8.GetBytes(diagnostic.File);
            add.ExecuteNonQuery();
        }
    }

    private static void WriteCheckpoint(SqliteConnection connection, TimingCheckpoint checkpoint) =>
        connection.Execute(
            """
            INSERT OR REPLACE INTO checkpoint (
                id, generation, position, line, headers, blank, repaired, not_understood, header, saw_content, intervals, tasks, starts,
                  findings, unmatched, file_length, file_written, head, tail, months, lines_before)
            VALUES (1, $generation, $position, $line, $headers, $blank, $repaired, $not_understood, $header, $saw_content, $intervals,
              $tasks, $starts, $findings, $unmatched, $file_length, $file_written, $head, $tail, $months, $lines_before)
            """,
            ("$generation", checkpoint.Generation),
            ("$position", checkpoint.Offset),
            ("$line", checkpoint.Lines.Line),
            ("$headers", checkpoint.Lines.Headers),
            ("$blank", checkpoint.Lines.BlankLines),
            ("$repaired", checkpoint.Lines.Repaired),
            ("$not_understood", checkpoint.Lines.NotUnderstood),
            ("$header", checkpoint.Lines.Header is { } header ? Encoding.UTF8.GetBytes(header) : null),
            ("$saw_content", checkpoint.Lines.SawContent),
            ("$intervals", checkpoint.Intervals),
            ("$tasks", checkpoint.Tasks),
            ("$starts", checkpoint.Starts),
            ("$findings", checkpoint.Diagnostics),
            ("$unmatched", checkpoint.Unmatched),
            ("$file_length", checkpoint.FileLength),
            ("$file_written", checkpoint.FileWritten),
            ("$head", checkpoint.Head),
            ("$tail", checkpoint.Tail),
            ("$months", Encoding.UTF8.GetBytes(checkpoint.Months)),
            ("$lines_before", checkpoint.Lines.LinesBefore)
        );
}
