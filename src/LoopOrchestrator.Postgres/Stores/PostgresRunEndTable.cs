using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>What the end of an attempt touches, as <see cref="RunEndEntry"/> has it.</summary>
internal sealed class PostgresRunEndTable(PostgresSession session) : IRunEndTable
{
    /// <inheritdoc/>
    public Run? Find(string id) => RunRows.Find(session, id);

    /// <inheritdoc/>
    public void Update(Run run) => RunRows.Update(session, run);

    /// <inheritdoc/>
    public void AddDecision(string id, DateTimeOffset at, string text) => RunRows.InsertDecision(session, id, at, text);

    /// <inheritdoc/>
    public void EndAttempt(string id, RunEnd end) => AttemptRows.End(session, id, end);

    /// <inheritdoc/>
    public void NoteAgent(Run run, RunEnd end) => PostgresAgentHoldStore.Note(session, run, end);

    /// <inheritdoc/>
    public IReadOnlyList<Run> CancelBelow(string id, string reason) => SubRunRows.Cancel(session, id, reason);

    /// <inheritdoc/>
    public IReadOnlyList<string> FailedRuns(string step) => EscalationRows.FailedRuns(session, step);

    /// <inheritdoc/>
    public bool RecordFailures(string step, IReadOnlyList<string> runs)
    {
        session.Execute(
            """
            INSERT INTO failing_steps (workspace, step, runs) VALUES (@workspace, @step, @runs)
            ON CONFLICT (workspace, step) DO UPDATE SET runs = excluded.runs
            """,
            ("@step", step),
            ("@runs", TextLists.Write(runs))
        );
        return session.Execute(
                "UPDATE escalations SET runs = @runs WHERE workspace = @workspace AND step = @step AND resolved_at IS NULL",
                ("@step", step),
                ("@runs", TextLists.Write(runs))
            ) > 0;
    }

    /// <inheritdoc/>
    public void Recover(string step, string runId)
    {
        session.Execute("DELETE FROM failing_steps WHERE workspace = @workspace AND step = @step", ("@step", step));
        session.Execute(
            """
            UPDATE escalations SET recovered_run_id = @run, recovery_pending = true
            WHERE workspace = @workspace AND step = @step AND recovered_run_id IS NULL
            """,
            ("@run", runId),
            ("@step", step)
        );
    }

    /// <inheritdoc/>
    public long AddEscalation(string step, Run run, IReadOnlyList<string> runs, DateTimeOffset since, string task, string reason) =>
        session.Scalar(
            """
            INSERT INTO escalations (workspace, id, step, schedule_id, mode, task, runs, since, reason) VALUES (@workspace,
              (SELECT COALESCE(MAX(id), 0) + 1 FROM escalations WHERE workspace = @workspace),
              @step, @schedule, @mode, @task, @runs, @since, @reason)
            RETURNING id
            """,
            ("@step", step),
            ("@schedule", run.ScheduleId),
            ("@mode", run.Mode),
            ("@task", task),
            ("@runs", TextLists.Write(runs)),
            ("@since", since),
            ("@reason", reason)
        );

    /// <inheritdoc/>
    public void AddNotice(long escalation, string channel, DateTimeOffset now) =>
        session.Execute(
            "INSERT INTO notices (workspace, escalation_id, channel, next_at) VALUES (@workspace, @id, @channel, @now)",
            ("@id", escalation),
            ("@channel", channel),
            ("@now", now)
        );

    /// <inheritdoc/>
    public string? ScheduleOf(string runId) => BudgetRows.ScheduleOf(session, runId);

    /// <inheritdoc/>
    public (double CostUsd, long Tokens) Spent(string scheduleId, DateTimeOffset now) => BudgetRows.Spent(session, scheduleId, now);

    /// <inheritdoc/>
    public string? PauseReason(string? scheduleId) => PauseRows.Reason(session, scheduleId);

    /// <inheritdoc/>
    public void Pause(string scheduleId, string reason, DateTimeOffset now, PauseCause cause) =>
        PauseRows.Pause(session, scheduleId, reason, now, cause);
}
