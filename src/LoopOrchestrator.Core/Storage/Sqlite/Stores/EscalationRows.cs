using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Text;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>Counts and escalations in the database; used within the transaction that ends a run, so that each end counts once.</summary>
internal static class EscalationRows
{
    private const int MaxTaskLength = 2000;

    /// <summary>Counts the end of a run; see <see cref="EscalationRules.Judge"/>.</summary>
    /// <returns>The escalation that begins with this end.</returns>
    public static long? Count(SqliteConnection connection, Run run, RunEnd end, RunEndPolicy policy)
    {
        var step = StepKey.Of(run);
        switch (EscalationRules.Judge(run, end))
        {
            case StepEnd.Succeeded:
                connection.Execute("DELETE FROM failing_steps WHERE step = @step", ("@step", step));
                connection.Execute(
                    "UPDATE escalations SET recovered_run_id = @run, recovery_pending = 1 WHERE step = @step AND recovered_run_id IS NULL",
                    ("@run", run.Id),
                    ("@step", step)
                );
                return null;
            case StepEnd.SaysNothing:
                return null;
        }

        List<string> runs = [.. FailedRuns(connection, step), run.Id];
        connection.Execute(
            "INSERT INTO failing_steps (step, runs) VALUES (@step, @runs) ON CONFLICT (step) DO UPDATE SET runs = @runs",
            ("@step", step),
            ("@runs", TextLists.Write(runs))
        );
        var isOpen =
            connection.Execute(
                "UPDATE escalations SET runs = @runs WHERE step = @step AND resolved_at IS NULL",
                ("@step", step),
                ("@runs", TextLists.Write(runs))
            ) > 0;
        if (isOpen || (runs.Count < policy.FailuresToEscalate && !end.Escalates))
        {
            return null;
        }

        return Begin(connection, run, step, runs, end, policy.Channels);
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

    public static Escalation Map(SqliteDataReader reader) =>
        new()
        {
            Id = reader.Integer("id")!.Value,
            ScheduleId = reader.Text("schedule_id"),
            Mode = reader.Text("mode")!,
            Task = reader.Text("task")!,
            Runs = TextLists.Read(reader.Text("runs")),
            Since = reader.Moment("since")!.Value,
            Reason = reader.Text("reason")!,
            ResolvedAt = reader.Moment("resolved_at"),
            Note = reader.Text("note"),
            RecoveredRunId = reader.Text("recovered_run_id"),
            MemoryPending = reader.Integer("memory_pending") == 1,
            RecoveryPending = reader.Integer("recovery_pending") == 1,
        };

    private static long Begin(
        SqliteConnection connection,
        Run run,
        string step,
        List<string> runs,
        RunEnd end,
        IReadOnlyList<string> channels
    )
    {
        connection.Execute(
            "INSERT INTO escalations (step, schedule_id, mode, task, runs, since, reason) VALUES (@step, @schedule, "
                + "@mode, @task, @runs, @since, @reason)",
            ("@step", step),
            ("@schedule", run.ScheduleId),
            ("@mode", run.Mode),
            ("@task", TextCut.Head(run.Task, MaxTaskLength).ToString()),
            ("@runs", TextLists.Write(runs)),
            ("@since", end.EndedAt),
            ("@reason", EscalationRules.Reason(run, end, runs.Count))
        );
        var id = connection.Scalar("SELECT last_insert_rowid()");
        foreach (var channel in channels)
        {
            connection.Execute(
                "INSERT INTO notices (escalation_id, channel, next_at) VALUES (@id, @channel, @now)",
                ("@id", id),
                ("@channel", channel),
                ("@now", end.EndedAt)
            );
        }

        if (run.ScheduleId is not null)
        {
            PauseRows.Pause(connection, run.ScheduleId, EscalationRules.PauseReason(id), end.EndedAt, PauseCause.Escalation(id));
        }

        return id;
    }
}
