using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>Counts and escalations in the database; used within the transaction that ends a run, so that each end counts once.</summary>
internal static class EscalationRows
{
    /// <summary>The step has succeeded: its failures are over, and its escalations know the run.</summary>
    public static void Recover(SqliteConnection connection, string step, string runId)
    {
        connection.Execute("DELETE FROM failing_steps WHERE step = @step", ("@step", step));
        connection.Execute(
            "UPDATE escalations SET recovered_run_id = @run, recovery_pending = 1 WHERE step = @step AND recovered_run_id IS NULL",
            ("@run", runId),
            ("@step", step)
        );
    }

    /// <summary>Writes the failures of a step, into its open escalation too, where there is one; whether there is.</summary>
    public static bool RecordFailures(SqliteConnection connection, string step, IReadOnlyList<string> runs)
    {
        connection.Execute(
            "INSERT INTO failing_steps (step, runs) VALUES (@step, @runs) ON CONFLICT (step) DO UPDATE SET runs = @runs",
            ("@step", step),
            ("@runs", TextLists.Write(runs))
        );
        return connection.Execute(
                "UPDATE escalations SET runs = @runs WHERE step = @step AND resolved_at IS NULL",
                ("@step", step),
                ("@runs", TextLists.Write(runs))
            ) > 0;
    }

    /// <summary>The runs of a step that failed since it last succeeded or was resolved.</summary>
    public static IReadOnlyList<string> FailedRuns(SqliteConnection connection, string step) =>
        connection
            .Query(
                "SELECT runs FROM failing_steps WHERE step = @step",
                static reader => TextLists.Read(reader.Text("runs")),
                ("@step", step)
            )
            .FirstOrDefault()
        ?? [];

    /// <summary>An escalation.</summary>
    public static Escalation Map(SqliteDataReader reader) => EscalationFields.Map(new SqliteRow(reader));
}
