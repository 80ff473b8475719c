using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.State;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>The escalations of a workspace. Safe for many threads and processes.</summary>
public sealed class EscalationStore
{
    private readonly StateDatabase _database;

    internal EscalationStore(StateDatabase database) => _database = database;

    /// <summary>Lists escalations, newest first.</summary>
    /// <param name="all">Those that were resolved, too.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Escalation>> ListAsync(bool all, int limit, CancellationToken cancellationToken = default) =>
        _database.ReadAsync<IReadOnlyList<Escalation>>(
            connection => connection.Query(
                "SELECT * FROM escalations WHERE @all OR resolved_at IS NULL ORDER BY id DESC LIMIT @limit",
                EscalationRows.Map,
                ("@all", all),
                ("@limit", limit)),
            cancellationToken);

    /// <summary>How many runs of a run's step have failed in a row, this one included when it did.</summary>
    public Task<int> FailuresAsync(Run run, CancellationToken cancellationToken = default) =>
        _database.ReadAsync(connection => EscalationRows.FailedRuns(connection, StepKey.Of(run)).Count, cancellationToken);

    /// <summary>
    /// Resolves an escalation: the count of failures begins anew, and the schedule goes on when it is paused for this and nothing else.
    /// </summary>
    /// <param name="id">The escalation's number.</param>
    /// <param name="note">What was done about it; not blank.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The escalation, and whether its schedule goes on; <see langword="null"/> when it has none.</returns>
    /// <exception cref="UserErrorException">There is no such escalation, it is resolved already, or the note is empty.</exception>
    internal Task<(Escalation Escalation, bool? Resumed)> ResolveAsync(long id, string note, DateTimeOffset now, CancellationToken cancellationToken = default)
    {
        if (string.IsNullOrWhiteSpace(note))
        {
            throw new UserErrorException("note is empty. Say what was found and changed, so that the next one who meets it knows.");
        }

        return _database.WriteAsync(
            (connection, _) =>
            {
                if (connection.Query("SELECT * FROM escalations WHERE id = @id", EscalationRows.Map, ("@id", id)).FirstOrDefault() is not { } escalation)
                {
                    var open = connection.Query("SELECT id FROM escalations WHERE resolved_at IS NULL ORDER BY id", static reader => reader.GetInt64(0));
                    throw new UserErrorException($"There is no escalation {id}. {(open.Count == 0 ? "None is open." : $"Open: {string.Join(", ", open)}.")}");
                }

                if (escalation.ResolvedAt is { } before)
                {
                    throw new UserErrorException($"Escalation {id} was resolved at {before.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} already (\"{escalation.Note}\"); nothing was changed.");
                }

                connection.Execute("UPDATE escalations SET resolved_at = @now, note = @note WHERE id = @id", ("@now", now), ("@note", note.Trim()), ("@id", id));
                connection.Execute("UPDATE notices SET next_at = NULL WHERE escalation_id = @id", ("@id", id));
                connection.Execute("DELETE FROM failing_steps WHERE step = (SELECT step FROM escalations WHERE id = @id)", ("@id", id));
                var isOurs = escalation.ScheduleId is { } schedule
                    && connection.Scalar("SELECT COUNT(*) FROM schedules WHERE id = @id AND paused_reason = @reason", ("@id", schedule), ("@reason", EscalationRows.PauseReason(id))) > 0;
                return (escalation with { ResolvedAt = now, Note = note.Trim() }, escalation.ScheduleId is null ? null : (bool?)(isOurs && PauseRows.Resume(connection, escalation.ScheduleId, now)));
            },
            cancellationToken);
    }

    /// <summary>Returns when nothing of this step is escalated.</summary>
    /// <exception cref="UserErrorException">It is; the message says what to do.</exception>
    internal async Task EnsureNoneAsync(string? scheduleId, string mode, string task, CancellationToken cancellationToken = default)
    {
        if (await FindOpenAsync(StepKey.Of(scheduleId, mode, task), cancellationToken) is { } open)
        {
            throw new UserErrorException(
                $"This step is stopped by escalation {open.Id}: {open.Reason}. Look at run {open.Runs[^1]} (get_run), mend the cause, then call resolve_escalation with escalation_id {open.Id} and a note; nothing was started.");
        }
    }

    /// <summary>The open escalation of a schedule.</summary>
    internal Task<Escalation?> FindOpenOfScheduleAsync(string scheduleId, CancellationToken cancellationToken = default) =>
        FindOpenAsync(StepKey.Of(scheduleId, "", ""), cancellationToken);

    /// <summary>Those whose memory entries are still to be written.</summary>
    internal Task<IReadOnlyList<Escalation>> OwedAsync(CancellationToken cancellationToken = default) =>
        _database.ReadAsync<IReadOnlyList<Escalation>>(
            static connection => connection.Query("SELECT * FROM escalations WHERE memory_pending = 1 OR recovery_pending = 1 ORDER BY id", EscalationRows.Map),
            cancellationToken);

    /// <summary>Says that a memory entry is written.</summary>
    internal Task SettleAsync(long id, bool recovery, CancellationToken cancellationToken = default) =>
        _database.WriteAsync(
            (connection, _) => connection.Execute(
                recovery ? "UPDATE escalations SET recovery_pending = 0 WHERE id = @id" : "UPDATE escalations SET memory_pending = 0 WHERE id = @id",
                ("@id", id)),
            cancellationToken);

    private Task<Escalation?> FindOpenAsync(string step, CancellationToken cancellationToken) =>
        _database.ReadAsync(
            connection => connection.Query("SELECT * FROM escalations WHERE step = @step AND resolved_at IS NULL", EscalationRows.Map, ("@step", step)).FirstOrDefault(),
            cancellationToken);
}
