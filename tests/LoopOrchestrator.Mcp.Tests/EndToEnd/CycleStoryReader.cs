using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>How far the only cycle of a workspace has come, read from the database itself: no server has to be alive to be asked.</summary>
internal sealed class CycleStoryReader(string database)
{
    /// <summary>Waits until the cycle has more decisions than these, or has ended.</summary>
    /// <returns>How many it has now, and whether it has ended.</returns>
    public async Task<(int Decisions, bool HasEnded)> WaitForMoreAsync(int than)
    {
        var story = (Decisions: 0, HasEnded: false);
        await Eventually.TrueAsync($"more than {than} decisions of the cycle", () =>
            (story = Inspect()).Decisions > than || story.HasEnded
        );
        return story;
    }

    private (int Decisions, bool HasEnded) Inspect()
    {
        if (!File.Exists(database))
        {
            return (0, false);
        }

        using var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = database,
                Mode = SqliteOpenMode.ReadOnly,
                Pooling = false,
            }.ToString()
        );
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = """
                SELECT (SELECT COUNT(*) FROM decisions WHERE run_id = runs.id), ended_at IS NOT NULL
                FROM runs WHERE agent_kind = 'workflow'
                """;
            using var reader = command.ExecuteReader();
            return reader.Read() ? (reader.GetInt32(0), reader.GetBoolean(1)) : (0, false);
        }
        catch (SqliteException)
        {
            // Just being made, or being recovered by the next server.
            return (0, false);
        }
    }
}
