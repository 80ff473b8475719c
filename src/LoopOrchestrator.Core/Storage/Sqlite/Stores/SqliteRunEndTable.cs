using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>What the end of an attempt touches, as <see cref="RunEndEntry"/> has it.</summary>
internal sealed class SqliteRunEndTable(SqliteConnection connection) : IRunEndTable
{
    /// <inheritdoc/>
    public Run? Find(string id) => RunRows.Find(connection, id);

    /// <inheritdoc/>
    public void Update(Run run) => RunRows.Update(connection, run);

    /// <inheritdoc/>
    public void AddDecision(string id, DateTimeOffset at, string text) => RunRows.InsertDecision(connection, id, at, text);

    /// <inheritdoc/>
    public void EndAttempt(string id, RunEnd end) => AttemptRows.End(connection, id, end);

    /// <inheritdoc/>
    public void NoteAgent(Run run, RunEnd end) => SqliteAgentHoldStore.Note(connection, run, end);

    /// <inheritdoc/>
    public IReadOnlyList<Run> CancelBelow(string id, string reason) => SubRunRows.Cancel(connection, id, reason);

    /// <inheritdoc/>
    public IReadOnlyList<string> FailedRuns(string step) => EscalationRows.FailedRuns(connection, step);

    /// <inheritdoc/>
    public bool RecordFailures(string step, IReadOnlyList<string> runs) => EscalationRows.RecordFailures(connection, step, runs);

    /// <inheritdoc/>
    public void Recover(string step, string runId) => EscalationRows.Recover(connection, step, runId);

    /// <inheritdoc/>
    public long AddEscalation(string step, Run run, IReadOnlyList<string> runs, DateTimeOffset since, string task, string reason)
    {
        connection.Execute(
            "INSERT INTO escalations (step, schedule_id, mode, task, runs, since, reason) VALUES (@step, @schedule, "
                + "@mode, @task, @runs, @since, @reason)",
            ("@step", step),
            ("@schedule", run.ScheduleId),
            ("@mode", run.Mode),
            ("@task", task),
            ("@runs", TextLists.Write(runs)),
            ("@since", since),
            ("@reason", reason)
        );
        return connection.Scalar("SELECT last_insert_rowid()");
    }

    /// <inheritdoc/>
    public void AddNotice(long escalation, string channel, DateTimeOffset now) =>
        connection.Execute(
            "INSERT INTO notices (escalation_id, channel, next_at) VALUES (@id, @channel, @now)",
            ("@id", escalation),
            ("@channel", channel),
            ("@now", now)
        );

    /// <inheritdoc/>
    public string? ScheduleOf(string runId) => BudgetRows.ScheduleOf(connection, runId);

    /// <inheritdoc/>
    public (double CostUsd, long Tokens) Spent(string scheduleId, DateTimeOffset now) => BudgetRows.Spent(connection, scheduleId, now);

    /// <inheritdoc/>
    public string? PauseReason(string? scheduleId) => PauseRows.Reason(connection, scheduleId);

    /// <inheritdoc/>
    public void Pause(string scheduleId, string reason, DateTimeOffset now, PauseCause cause) =>
        PauseRows.Pause(connection, scheduleId, reason, now, cause);
}
