using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.State;
using LoopOrchestrator.Core.Text;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>Counts and escalations in the database; used within the transaction that ends a run, so that each end counts once.</summary>
internal static class EscalationRows
{
    private const int LongestTask = 2000;

    /// <summary>
    /// Counts the end of a run: a success begins anew, a failure or a time-out is one more whatever attempts it took; anything else
    /// (cancelled, interrupted, a question) says nothing about the step and changes nothing. The steps of a cycle are not counted: what their
    /// failures mean, the cycle decides.
    /// </summary>
    /// <returns>The escalation that begins with this end.</returns>
    public static long? Count(SqliteConnection connection, Run run, RunEnd end, int threshold, IReadOnlyList<string> channels)
    {
        if (run.CycleId is not null)
        {
            return null;
        }

        var step = StepKey.Of(run);
        if (end.State == RunState.Succeeded && run.IsUnverified)
        {
            // Nobody saw it succeed.
            return null;
        }

        if (end.State == RunState.Succeeded)
        {
            connection.Execute("DELETE FROM failing_steps WHERE step = @step", ("@step", step));
            connection.Execute(
                "UPDATE escalations SET recovered_run_id = @run, recovery_pending = 1 WHERE step = @step AND recovered_run_id IS NULL",
                ("@run", run.Id),
                ("@step", step));
            return null;
        }

        if (end.State is not (RunState.Failed or RunState.TimedOut) || end is { State: RunState.Failed, Failure: RunFailure.UsageLimit or RunFailure.Recording })
        {
            return null;
        }

        List<string> runs = [.. FailedRuns(connection, step), run.Id];
        connection.Execute(
            "INSERT INTO failing_steps (step, runs) VALUES (@step, @runs) ON CONFLICT (step) DO UPDATE SET runs = @runs",
            ("@step", step),
            ("@runs", RunStore.WriteList(runs)));
        if (connection.Execute("UPDATE escalations SET runs = @runs WHERE step = @step AND resolved_at IS NULL", ("@step", step), ("@runs", RunStore.WriteList(runs))) > 0 || (runs.Count < threshold && !end.Escalates))
        {
            return null;
        }

        return Begin(connection, run, step, runs, end, channels);
    }

    /// <summary>The runs of a step that failed since it last succeeded or was resolved.</summary>
    public static IReadOnlyList<string> FailedRuns(SqliteConnection connection, string step) =>
        connection.Query("SELECT runs FROM failing_steps WHERE step = @step", static reader => RunStore.ReadList(reader.Text("runs")), ("@step", step)).FirstOrDefault() ?? [];

    /// <summary>Why the schedule of an escalation is paused. By this text its pause is told from any other.</summary>
    public static string PauseReason(long id) => $"escalation {id}: its runs failed again and again; see get_status, and go on with resolve_escalation";

    public static Escalation Map(SqliteDataReader reader) => new()
    {
        Id = reader.Integer("id")!.Value,
        ScheduleId = reader.Text("schedule_id"),
        Mode = reader.Text("mode")!,
        Task = reader.Text("task")!,
        Runs = RunStore.ReadList(reader.Text("runs")),
        Since = reader.Moment("since")!.Value,
        Reason = reader.Text("reason")!,
        ResolvedAt = reader.Moment("resolved_at"),
        Note = reader.Text("note"),
        RecoveredRunId = reader.Text("recovered_run_id"),
        MemoryPending = reader.Integer("memory_pending") == 1,
        RecoveryPending = reader.Integer("recovery_pending") == 1,
    };

    private static long Begin(SqliteConnection connection, Run run, string step, List<string> runs, RunEnd end, IReadOnlyList<string> channels)
    {
        var what = run.ScheduleId is { } schedule ? $"schedule '{schedule}'" : $"\"{RunTitle.Of(run.Task)}\" in mode {run.Mode}";
        connection.Execute(
            "INSERT INTO escalations (step, schedule_id, mode, task, runs, since, reason) VALUES (@step, @schedule, @mode, @task, @runs, @since, @reason)",
            ("@step", step),
            ("@schedule", run.ScheduleId),
            ("@mode", run.Mode),
            ("@task", TextCut.Head(run.Task, LongestTask).ToString()),
            ("@runs", RunStore.WriteList(runs)),
            ("@since", end.EndedAt),
            ("@reason", $"{what} failed {runs.Count} time(s) in a row; the last time: {end.State.Name()}, {end.Reason}"));
        var id = connection.Scalar("SELECT last_insert_rowid()");
        foreach (var channel in channels)
        {
            connection.Execute(
                "INSERT INTO notices (escalation_id, channel, next_at) VALUES (@id, @channel, @now)",
                ("@id", id),
                ("@channel", channel),
                ("@now", end.EndedAt));
        }

        if (run.ScheduleId is not null)
        {
            PauseRows.Pause(connection, run.ScheduleId, PauseReason(id), end.EndedAt, until: null, isUsers: false);
        }

        return id;
    }
}
