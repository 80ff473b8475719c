using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Benchmarks.Measuring;

/// <summary>
/// The floor of lateness: a thread that sleeps until a moment and then commits one row, as durably as the product does. What it is late by,
/// the machine and its disk are.
/// </summary>
internal static class BareLedger
{
    /// <summary>Commits a row at the middle of each second, and returns by how many milliseconds each was late.</summary>
    public static List<double> Run(string file, DateTimeOffset from, int seconds, CancellationToken cancellationToken)
    {
        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = file, Pooling = false }.ConnectionString
        );
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE moments (due INTEGER) STRICT";
        command.ExecuteNonQuery();
        command.CommandText = "INSERT INTO moments VALUES (@due)";
        command.Parameters.Add("@due", SqliteType.Integer);
        command.Prepare();
        var late = new List<double>();
        for (var second = 0; second < seconds; second++)
        {
            // In between the moments of the server, so that neither waits for the other.
            var due = from.AddSeconds(second + 0.5);
            if (due - DateTimeOffset.UtcNow is { Ticks: > 0 } left && cancellationToken.WaitHandle.WaitOne(left))
            {
                cancellationToken.ThrowIfCancellationRequested();
            }

            command.Parameters[0].Value = due.ToUnixTimeMilliseconds();
            command.ExecuteNonQuery();
            late.Add((DateTimeOffset.UtcNow - due).TotalMilliseconds);
        }

        return late;
    }
}
