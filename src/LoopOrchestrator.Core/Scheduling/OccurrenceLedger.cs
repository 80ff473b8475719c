using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.State;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// The ledger: every due moment of every schedule with its one outcome. An outcome and the run that it starts are one transaction,
/// so a moment is neither lost nor fired twice, whatever is killed when. Safe for use by many threads and processes.
/// </summary>
public sealed class OccurrenceLedger(StateDatabase database)
{
    /// <summary>What the ledger knows of each schedule, and of all of them under <see cref="ScheduleState.AllSchedules"/>.</summary>
    public Task<IReadOnlyDictionary<string, ScheduleState>> StatesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, ScheduleState>>(
            connection => connection
                .Query("SELECT * FROM schedules", reader => (Id: reader.GetString(0), State: OccurrenceRows.MapState(reader)))
                .ToDictionary(static row => row.Id, static row => row.State, StringComparer.Ordinal),
            cancellationToken);

    /// <summary>
    /// Enters due moments and fires the one that is to be fired, as the schedule's overlap rule allows. Does nothing (and returns
    /// <see langword="null"/>) when another process has entered them already.
    /// </summary>
    public Task<FireResult?> EnterAsync(FireRequest request, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => Enter(connection, request), cancellationToken);

    /// <summary>
    /// Starts the oldest waiting occurrence of a schedule, unless a run of it is still there.
    /// </summary>
    /// <param name="scheduleId">The schedule.</param>
    /// <param name="run">The run to add for it.</param>
    /// <param name="now">The moment of the decision.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was started.</returns>
    public Task<bool> StartWaitingAsync(string scheduleId, Run run, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                var waiting = OccurrenceRows.Waiting(connection, scheduleId);
                if (waiting.Count == 0 || OccurrenceRows.ActiveRuns(connection, scheduleId).Count > 0)
                {
                    return false;
                }

                RunStore.Insert(connection, run);
                connection.Execute(
                    "UPDATE occurrences SET outcome = 'started', run_id = @run, decided_at = @now, reason = 'started after the run before it had ended' WHERE schedule_id = @id AND due_at = @due",
                    ("@run", run.Id),
                    ("@now", now),
                    ("@id", scheduleId),
                    ("@due", waiting[0].DueAt));
                return true;
            },
            cancellationToken);

    /// <summary>Enters a run that was triggered by hand. Its due moment is now and moves no other.</summary>
    /// <exception cref="UserErrorException">A run of this schedule is there already.</exception>
    public Task TriggerAsync(string scheduleId, Run run, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                if (OccurrenceRows.ActiveRuns(connection, scheduleId) is [var active, ..])
                {
                    throw new UserErrorException(
                        $"Schedule '{scheduleId}' has a run already: {active.Id} is {active.State.Name()}. Wait for its end (get_run), or cancel it (cancel_run), then trigger again.");
                }

                RunStore.Insert(connection, run);
                var moment = OccurrenceRows.FreeMoment(connection, scheduleId, run.CreatedAt);
                OccurrenceRows.Insert(connection, new Occurrence(scheduleId, moment, moment, 1, OccurrenceOutcome.Started, OccurrenceRows.ByHand, run.Id, run.CreatedAt));
                return true;
            },
            cancellationToken);

    /// <summary>
    /// Pauses a schedule, or all with <see cref="ScheduleState.AllSchedules"/>. Its backlog is dropped: waiting occurrences become
    /// skipped and queued runs are cancelled. A run that is going on goes on.
    /// </summary>
    /// <returns>The ids of the queued runs that were cancelled.</returns>
    public Task<IReadOnlyList<string>> PauseAsync(string scheduleId, string reason, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => PauseRows.Pause(connection, scheduleId, reason, now, until: null, isUsers: true), cancellationToken);

    /// <summary>Ends a pause. Due moments that fell into it stay skipped. False when it was not paused.</summary>
    public Task<bool> ResumeAsync(string scheduleId, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => PauseRows.Resume(connection, scheduleId, now), cancellationToken);

    /// <summary>Ends the pauses whose time is over.</summary>
    internal Task EndPausesAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => PauseRows.EndDue(connection, now), cancellationToken);

    /// <summary>Notes since when a schedule that never ran is known; an earlier note stays.</summary>
    public Task SeeAsync(string scheduleId, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                "INSERT INTO schedules (id, seen_at) VALUES (@id, @now) ON CONFLICT (id) DO UPDATE SET seen_at = COALESCE(seen_at, @now)",
                ("@id", scheduleId),
                ("@now", now)),
            cancellationToken);

    /// <summary>Settles what waits of a schedule as skipped: nothing will start it any more.</summary>
    public Task DropWaitingAsync(string scheduleId, string reason, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                "UPDATE occurrences SET outcome = 'skipped', reason = @reason, decided_at = @now WHERE outcome IS NULL AND schedule_id = @id",
                ("@id", scheduleId),
                ("@reason", reason),
                ("@now", now)),
            cancellationToken);

    /// <summary>The ledger's rows, newest first.</summary>
    /// <param name="scheduleId">One schedule's, or all when not given.</param>
    /// <param name="limit">At most this many rows.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Occurrence>> HistoryAsync(string? scheduleId, int limit, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Occurrence>>(
            connection => connection.Query(
                "SELECT * FROM occurrences WHERE @id IS NULL OR schedule_id = @id ORDER BY due_at DESC LIMIT @limit",
                OccurrenceRows.MapOccurrence,
                ("@id", scheduleId),
                ("@limit", limit)),
            cancellationToken);

    /// <summary>The occurrences that wait, oldest first.</summary>
    public Task<IReadOnlyList<Occurrence>> WaitingAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Occurrence>>(
            static connection => connection.Query("SELECT * FROM occurrences WHERE outcome IS NULL ORDER BY due_at", OccurrenceRows.MapOccurrence),
            cancellationToken);

    private static FireResult? Enter(SqliteConnection connection, FireRequest request)
    {
        var state = connection.Query("SELECT * FROM schedules WHERE id = @id", OccurrenceRows.MapState, ("@id", request.ScheduleId)).FirstOrDefault();
        if (state?.LastDueAt >= request.Segments[0].First || state?.LastDueAt > request.PlannedFrom || (state?.LastDueAt is not null && request.PlannedFrom is null))
        {
            return null;
        }

        // A pause that came after the plan was made: a pause that was acknowledged lets nothing through. The next look plans anew.
        if (request.Segments.Any(static segment => segment.Outcome is null)
            && connection.Scalar("SELECT COUNT(*) FROM schedules WHERE paused_at IS NOT NULL AND id IN (@id, '*')", ("@id", request.ScheduleId)) > 0)
        {
            return null;
        }

        var result = new FireResult(null, null, null);
        foreach (var segment in request.Segments)
        {
            result = segment.Outcome is { } outcome
                ? Settle(connection, request, segment, outcome, segment.Reason, result)
                : Fire(connection, request, segment, result);
        }

        connection.Execute(
            "INSERT INTO schedules (id, last_due_at) VALUES (@id, @due) ON CONFLICT (id) DO UPDATE SET last_due_at = @due",
            ("@id", request.ScheduleId),
            ("@due", request.Segments[^1].Last));
        return result;
    }

    private static FireResult Fire(SqliteConnection connection, FireRequest request, DueSegment due, FireResult soFar)
    {
        var active = OccurrenceRows.ActiveRuns(connection, request.ScheduleId);
        var waiting = OccurrenceRows.Waiting(connection, request.ScheduleId);
        if (request.RunOrRefusal.Refusal is { } refusal)
        {
            return Settle(connection, request, due, OccurrenceOutcome.Skipped, refusal, soFar);
        }

        if (active.Count == 0 && waiting.Count == 0)
        {
            var run = request.RunOrRefusal.Run!;
            RunStore.Insert(connection, run);
            OccurrenceRows.Insert(connection, new Occurrence(request.ScheduleId, due.First, due.Last, due.Count, OccurrenceOutcome.Started, "due", run.Id, request.Now));
            return soFar with { StartedRunId = run.Id, Outcome = OccurrenceOutcome.Started };
        }

        // Moments that are made up for keep their turn whatever the rule of overlap: it is about what comes due while work is going on.
        var isCatchUp = request.Segments.Count(static segment => segment.Outcome is null) > 1;
        if (request.KeepsEach && (isCatchUp || request.Interaction == TaskInteraction.Wait) && waiting.Count < request.MostWaiting)
        {
            return Wait(connection, request, due, "waits for its turn", soFar);
        }

        if (waiting.Count > 0)
        {
            return Settle(connection, request, due, OccurrenceOutcome.Coalesced, $"the occurrence of {waiting[0].DueAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} waits already", soFar);
        }

        if (active.FirstOrDefault(static run => run.State == RunState.Queued) is { } queued)
        {
            var why = queued.AgentKind == AgentKind.Handoff ? "waits to be claimed" : "waits to be started";
            return Settle(connection, request, due, OccurrenceOutcome.Coalesced, $"run {queued.Id} {why}", soFar, queued.Id);
        }

        return request.Interaction switch
        {
            TaskInteraction.Skip => Settle(connection, request, due, OccurrenceOutcome.Skipped, $"run {active[0].Id} is still going on and taskInteraction is skip", soFar),
            TaskInteraction.Interrupt => Wait(connection, request, due, $"waits for the end of run {active[0].Id}, which it interrupts", soFar) with { InterruptRunId = active[0].Id },
            _ => Wait(connection, request, due, $"waits for the end of run {active[0].Id}", soFar),
        };
    }

    private static FireResult Wait(SqliteConnection connection, FireRequest request, DueSegment due, string reason, FireResult soFar)
    {
        OccurrenceRows.Insert(connection, new Occurrence(request.ScheduleId, due.First, due.Last, due.Count, null, reason, null, null));
        return soFar with { Outcome = null };
    }

    private static FireResult Settle(SqliteConnection connection, FireRequest request, DueSegment due, OccurrenceOutcome outcome, string? reason, FireResult soFar, string? runId = null)
    {
        // Moments in a row that were left out for one reason share a row, so a month of pause is one line and not four thousand.
        var extended = outcome is OccurrenceOutcome.Skipped or OccurrenceOutcome.Missed && connection.Execute(
            """
            UPDATE occurrences SET last_due_at = @last, count = count + @count, decided_at = @now
            WHERE schedule_id = @id AND outcome = @outcome AND reason = @reason
              AND due_at = (SELECT MAX(due_at) FROM occurrences WHERE schedule_id = @id)
            """,
            ("@last", due.Last),
            ("@count", due.Count),
            ("@now", request.Now),
            ("@id", request.ScheduleId),
            ("@outcome", OccurrenceNames.Name(outcome)),
            ("@reason", reason)) == 1;
        if (!extended)
        {
            OccurrenceRows.Insert(connection, new Occurrence(request.ScheduleId, due.First, due.Last, due.Count, outcome, reason, runId, request.Now));
        }

        return soFar with { Outcome = outcome };
    }
}
