using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.State;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// The ledger: every due moment of every schedule with its one outcome. An outcome and the run that it starts are one transaction,
/// so a moment is neither lost nor fired twice, whatever is killed when. Safe for use by many threads and processes.
/// </summary>
public sealed class OccurrenceLedger(StateDatabase database)
{
    // Why an occurrence waits whose check is begun, or about to be.
    private const string Asked = "its onlyIf command is asked first";

    /// <summary>What the ledger knows of each schedule, and of all of them under <see cref="ScheduleState.AllSchedules"/>.</summary>
    public Task<IReadOnlyDictionary<string, ScheduleState>> StatesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, ScheduleState>>(
            connection => connection
                .Query("SELECT * FROM schedules", reader => (Id: reader.GetString(0), State: OccurrenceRows.MapState(reader)))
                .ToDictionary(static row => row.Id, static row => row.State, StringComparer.Ordinal),
            cancellationToken);

    /// <summary>The schedules with an entry for a moment that late or later.</summary>
    internal Task<IReadOnlySet<string>> EnteredSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlySet<string>>(
            connection => connection
                .Query("SELECT id FROM schedules WHERE last_due_at >= @moment", static reader => reader.GetString(0), ("@moment", moment))
                .ToHashSet(StringComparer.Ordinal),
            cancellationToken);

    /// <summary>
    /// Enters due moments and fires the one that is to be fired, as the schedule's overlap rule allows. Does nothing (and returns
    /// <see langword="null"/>) when another process has entered them already.
    /// </summary>
    public Task<FireResult?> EnterAsync(FireRequest request, CancellationToken cancellationToken = default) =>
        database.WriteAsync((connection, _) => Enter(connection, request), cancellationToken);

    /// <summary>As <see cref="EnterAsync(FireRequest, CancellationToken)"/>, for several schedules in one transaction: all of them or none.</summary>
    /// <returns>What came of each, in their order.</returns>
    public Task<IReadOnlyList<FireResult?>> EnterAsync(IReadOnlyList<FireRequest> requests, CancellationToken cancellationToken = default) =>
        database.WriteAsync<IReadOnlyList<FireResult?>>((connection, _) => [.. requests.Select(request => Enter(connection, request))], cancellationToken);

    /// <summary>
    /// Starts the oldest waiting occurrence of a schedule, unless a run of it is still there.
    /// </summary>
    /// <param name="scheduleId">The schedule.</param>
    /// <param name="run">The run to add for it.</param>
    /// <param name="why">Its first decision.</param>
    /// <param name="now">The moment of the decision.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was started.</returns>
    public Task<bool> StartWaitingAsync(string scheduleId, Run run, string why, DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                if (OccurrenceRows.Waiting(connection, scheduleId).Oldest is not { } oldest || OccurrenceRows.ActiveRuns(connection, scheduleId).Count > 0)
                {
                    return false;
                }

                RunStore.Insert(connection, run);
                RunStore.InsertDecision(connection, run.Id, now, why);
                connection.Execute(
                    "UPDATE occurrences SET outcome = 'started', run_id = @run, decided_at = @now, reason = 'started after the run before it had ended' WHERE schedule_id = @id AND due_at = @due",
                    ("@run", run.Id),
                    ("@now", now),
                    ("@id", scheduleId),
                    ("@due", oldest));
                return true;
            },
            cancellationToken);

    /// <summary>Enters a run that was triggered by hand. Its due moment is now and moves no other.</summary>
    /// <exception cref="UserErrorException">A run of this schedule is there already.</exception>
    public Task TriggerAsync(string scheduleId, Run run, string why, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                if (OccurrenceRows.ActiveRuns(connection, scheduleId) is [var active, ..])
                {
                    throw new UserErrorException(
                        $"Schedule '{scheduleId}' has a run already: {active.Id} is {active.State.Name()}. Wait for its end (get_run), or cancel it (cancel_run), then trigger again.");
                }

                RunStore.Insert(connection, run);
                RunStore.InsertDecision(connection, run.Id, run.CreatedAt, why);
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

    /// <summary>Notes the timing under which a schedule is seen, and since when it counts where it came in the place of another.</summary>
    internal Task SeeTimingAsync(string scheduleId, string timing, DateTimeOffset? since, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                INSERT INTO schedules (id, timing, since_at, seen_at) VALUES (@id, @timing, @since, @since)
                ON CONFLICT (id) DO UPDATE SET timing = @timing, since_at = COALESCE(@since, since_at), seen_at = COALESCE(@since, seen_at)
                """,
                ("@id", scheduleId),
                ("@timing", timing),
                ("@since", since)),
            cancellationToken);

    /// <summary>
    /// Goes back with a clock that was set back: entries of moments that are still to come are taken away, because their time has not
    /// passed; those that started something stay, so that nothing is fired twice. Each schedule counts on from its last entry before now.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="passed">What of a row for several moments has passed by now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    internal Task RewindAsync(DateTimeOffset now, Func<Occurrence, (DateTimeOffset Last, long Count)> passed, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                connection.Execute("DELETE FROM occurrences WHERE due_at > @now AND outcome IN ('skipped', 'coalesced', 'missed')", ("@now", now));
                foreach (var row in connection.Query("SELECT * FROM occurrences WHERE due_at <= @now AND last_due_at > @now AND count > 1", OccurrenceRows.MapOccurrence, ("@now", now)))
                {
                    var (last, count) = passed(row);
                    connection.Execute(
                        "UPDATE occurrences SET last_due_at = @last, count = @count WHERE schedule_id = @id AND due_at = @due",
                        ("@last", last),
                        ("@count", count),
                        ("@id", row.ScheduleId),
                        ("@due", row.DueAt));
                }

                connection.Execute(
                    """
                    UPDATE schedules SET last_due_at = MAX(COALESCE(removed_until, 0), COALESCE(
                        (SELECT MAX(last_due_at) FROM occurrences WHERE schedule_id = id AND last_due_at <= @now AND reason IS NOT @byHand), @now))
                    WHERE last_due_at > @now
                    """,
                    ("@now", now),
                    ("@byHand", OccurrenceRows.ByHand));
                return connection.Execute(
                    "UPDATE schedules SET since_at = MIN(since_at, @now), seen_at = MIN(seen_at, @now), resumed_at = MIN(resumed_at, @now) WHERE since_at > @now OR seen_at > @now OR resumed_at > @now",
                    ("@now", now));
            },
            cancellationToken);

    /// <summary>The occurrences that wait for their <c>onlyIf</c> check, oldest first.</summary>
    internal Task<IReadOnlyList<Occurrence>> CheckingAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Occurrence>>(
            static connection => connection.Query("SELECT * FROM occurrences WHERE outcome IS NULL AND checking > 0 ORDER BY due_at", OccurrenceRows.MapOccurrence),
            cancellationToken);

    /// <summary>
    /// What an <c>onlyIf</c> check said: with a segment that fires, the rules of overlap are asked now and the occurrence starts, waits or
    /// is left out by them; with one that has an outcome, that is it.
    /// </summary>
    /// <returns><see langword="null"/> when the occurrence does not wait for this attempt of its check any more.</returns>
    internal Task<FireResult?> SettleCheckAsync(Occurrence occurrence, FireRequest request, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) =>
            {
                var taken = connection.Execute(
                    "DELETE FROM occurrences WHERE schedule_id = @id AND due_at = @due AND outcome IS NULL AND checking = @attempt",
                    ("@id", occurrence.ScheduleId),
                    ("@due", occurrence.DueAt),
                    ("@attempt", occurrence.Checking));
                var (segment, none) = (request.Segments[0], new FireResult(null, null, null));
                return taken == 0 ? null
                    : segment.Outcome is { } outcome ? Settle(connection, request, segment, outcome, segment.Reason, none)
                    : Fire(connection, request, segment, none);
            },
            cancellationToken);

    /// <summary>Records where an attempt of an <c>onlyIf</c> check is about to be made. False when it is made already, or the occurrence does not wait for it any more.</summary>
    internal Task<bool> BeginCheckAsync(Occurrence occurrence, string folder, string hash, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE occurrences SET check_folder = @folder, check_hash = @hash, reason = @reason
                WHERE schedule_id = @id AND due_at = @due AND outcome IS NULL AND checking = @attempt AND check_folder IS NULL
                """,
                ("@id", occurrence.ScheduleId),
                ("@due", occurrence.DueAt),
                ("@attempt", occurrence.Checking),
                ("@folder", folder),
                ("@hash", hash),
                ("@reason", Asked)) == 1,
            cancellationToken);

    /// <summary>
    /// Keeps why the check of an occurrence is not begun yet; it goes on waiting. False when it is begun, or the occurrence does not wait
    /// for it any more.
    /// </summary>
    internal Task<bool> HoldCheckAsync(Occurrence occurrence, string reason, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                """
                UPDATE occurrences SET reason = @reason
                WHERE schedule_id = @id AND due_at = @due AND outcome IS NULL AND checking = @attempt AND check_folder IS NULL
                """,
                ("@id", occurrence.ScheduleId),
                ("@due", occurrence.DueAt),
                ("@attempt", occurrence.Checking),
                ("@reason", reason)) == 1,
            cancellationToken);

    /// <summary>The latest folders of checks of a schedule whose occurrences were dropped while they were asked.</summary>
    internal Task<IReadOnlyList<string>> DroppedChecksAsync(string scheduleId, int most, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<string>>(connection => OccurrenceRows.DroppedChecks(connection, scheduleId, most), cancellationToken);

    /// <summary>Has an <c>onlyIf</c> check done again, because its supervisor was killed.</summary>
    internal Task CheckAgainAsync(Occurrence occurrence, CancellationToken cancellationToken = default) =>
        database.WriteAsync(
            (connection, _) => connection.Execute(
                "UPDATE occurrences SET checking = checking + 1, check_folder = NULL, check_hash = NULL WHERE schedule_id = @id AND due_at = @due AND outcome IS NULL AND checking = @attempt",
                ("@id", occurrence.ScheduleId),
                ("@due", occurrence.DueAt),
                ("@attempt", occurrence.Checking)),
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

    /// <summary>The newest row of each of these schedules that has one.</summary>
    public Task<IReadOnlyDictionary<string, Occurrence>> LatestAsync(IReadOnlyList<string> scheduleIds, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyDictionary<string, Occurrence>>(
            connection => scheduleIds
                .Distinct(StringComparer.Ordinal)
                .SelectMany(id => connection.Query(
                    "SELECT * FROM occurrences WHERE schedule_id = @id ORDER BY due_at DESC LIMIT 1",
                    OccurrenceRows.MapOccurrence,
                    ("@id", id)))
                .ToDictionary(static row => row.ScheduleId, StringComparer.Ordinal),
            cancellationToken);

    /// <summary>
    /// The schedules of which occurrences wait, in the order of the oldest one. It asks for each schedule's oldest and not for all that
    /// wait, which may be a thousand of each.
    /// </summary>
    internal Task<IReadOnlyList<WaitingSchedule>> WaitingSchedulesAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<WaitingSchedule>>(
            static connection => connection.Query(
                """
                SELECT id, ready, COALESCE(ready, checked) AS oldest FROM (
                    SELECT id,
                        (SELECT due_at FROM occurrences WHERE schedule_id = id AND outcome IS NULL AND checking = 0 ORDER BY due_at LIMIT 1) AS ready,
                        (SELECT due_at FROM occurrences WHERE schedule_id = id AND outcome IS NULL AND checking > 0 LIMIT 1) AS checked
                    FROM schedules)
                WHERE oldest IS NOT NULL ORDER BY oldest
                """,
                static reader => new WaitingSchedule(reader.Text("id")!, IsReady: reader.Integer("ready") is not null)),
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
        var entered = false;
        foreach (var segment in request.Segments)
        {
            // After a clock was set back, moments come that have their entry already: each has one outcome.
            if (Without(connection, request.ScheduleId, segment) is { } rest)
            {
                entered = true;
                result = rest.Outcome is { } outcome
                    ? Settle(connection, request, rest, outcome, rest.Reason, result)
                    : Fire(connection, request, rest, result);
            }
        }

        connection.Execute(
            "INSERT INTO schedules (id, last_due_at) VALUES (@id, @due) ON CONFLICT (id) DO UPDATE SET last_due_at = @due",
            ("@id", request.ScheduleId),
            ("@due", request.Segments[^1].Last));
        return entered ? result : null;
    }

    /// <summary>What of a segment has no entry yet; <see langword="null"/> for nothing.</summary>
    private static DueSegment? Without(SqliteConnection connection, string scheduleId, DueSegment segment)
    {
        var known = connection.Scalar(
            "SELECT COUNT(*) FROM occurrences WHERE schedule_id = @id AND due_at BETWEEN @first AND @last AND reason IS NOT @byHand",
            ("@id", scheduleId),
            ("@first", segment.First),
            ("@last", segment.Last),
            ("@byHand", OccurrenceRows.ByHand));
        if (known == 0)
        {
            return segment;
        }

        return known >= segment.Count ? null : segment with { First = OccurrenceRows.FreeMoment(connection, scheduleId, segment.First), Count = segment.Count - known };
    }

    private static FireResult Fire(SqliteConnection connection, FireRequest request, DueSegment due, FireResult soFar)
    {
        var active = OccurrenceRows.ActiveRuns(connection, request.ScheduleId);
        var (waiting, oldest) = OccurrenceRows.Waiting(connection, request.ScheduleId);
        if (request.RunOrRefusal.Refusal is { } refusal)
        {
            return Settle(connection, request, due, OccurrenceOutcome.Skipped, refusal, soFar);
        }

        if (request.Checks)
        {
            return Check(connection, request, due, soFar);
        }

        if (active.Count == 0 && waiting == 0)
        {
            var run = request.RunOrRefusal.Run!;
            RunStore.Insert(connection, run);
            RunStore.InsertDecision(connection, run.Id, request.Now, $"due {due.Last.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} by schedule '{request.ScheduleId}'; {request.Why}");
            OccurrenceRows.Insert(connection, new Occurrence(request.ScheduleId, due.First, due.Last, due.Count, OccurrenceOutcome.Started, "due", run.Id, request.Now));
            return soFar with { StartedRunId = run.Id, Outcome = OccurrenceOutcome.Started };
        }

        // Moments that are made up for keep their turn whatever the rule of overlap: it is about what comes due while work is going on.
        var isCatchUp = request.Segments.Count(static segment => segment.Outcome is null) > 1;
        if (request.KeepsEach && (isCatchUp || request.Interaction == TaskInteraction.Wait) && waiting < request.MostWaiting)
        {
            return Wait(connection, request, due, "waits for its turn", soFar);
        }

        if (oldest is { } first)
        {
            return Settle(connection, request, due, OccurrenceOutcome.Coalesced, $"the occurrence of {first.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} waits already", soFar);
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

    // One check of a schedule at a time: what comes due while it goes on has its answer, too.
    private static FireResult Check(SqliteConnection connection, FireRequest request, DueSegment due, FireResult soFar)
    {
        var checking = OccurrenceRows.Checking(connection, request.ScheduleId);
        return checking.Count > 0 && (!request.KeepsEach || checking.Count >= request.MostWaiting)
            ? Settle(connection, request, due, OccurrenceOutcome.Coalesced, $"the onlyIf check of the occurrence of {checking[0].DueAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} is going on", soFar)
            : Wait(connection, request, due, Asked, soFar, checking: 1);
    }

    private static FireResult Wait(SqliteConnection connection, FireRequest request, DueSegment due, string reason, FireResult soFar, int checking = 0)
    {
        OccurrenceRows.Insert(connection, new Occurrence(request.ScheduleId, due.First, due.Last, due.Count, null, reason, null, null) { Checking = checking });
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
