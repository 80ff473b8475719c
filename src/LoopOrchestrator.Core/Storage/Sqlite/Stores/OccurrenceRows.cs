using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Telemetry;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The ledger's rows in the database; used within the transactions of <see cref="SqliteOccurrenceLedger"/>.</summary>
internal static class OccurrenceRows
{
    /// <summary>What is said of an occurrence that belongs to no due moment.</summary>
    public const string ByHand = "triggered by hand";

    /// <summary>The start of a query for <see cref="MapWithRun"/>; the table is called <c>o</c> in it.</summary>
    public const string WithRuns = "SELECT o.*, r.state AS run_state FROM occurrences AS o LEFT JOIN runs AS r ON r.id = o.run_id";

    public static void Insert(SqliteConnection connection, Occurrence occurrence)
    {
        if (occurrence.Origin != OccurrenceOrigin.Hand)
        {
            // A moment of the schedule keeps its place; one triggered by hand at the same millisecond makes room.
            connection.Execute(
                "UPDATE occurrences SET due_at = @free, last_due_at = @free WHERE schedule_id = @id AND due_at = @due AND origin = 'hand'",
                ("@free", FreeMoment(connection, occurrence.ScheduleId, occurrence.DueAt)),
                ("@id", occurrence.ScheduleId),
                ("@due", occurrence.DueAt)
            );
        }

        connection.Execute(
            """
            INSERT INTO occurrences (
                schedule_id, due_at, last_due_at, count, origin, outcome, reason, reason_code, run_id, decided_at, checking,
                catch_up)
            VALUES (@id, @due, @last, @count, @origin, @outcome, @reason, @code, @run, @decided, @checking, @catchUp)
            """,
            ("@id", occurrence.ScheduleId),
            ("@due", occurrence.DueAt),
            ("@last", occurrence.LastDueAt),
            ("@count", occurrence.Count),
            ("@origin", OccurrenceNames.Name(occurrence.Origin)),
            ("@outcome", occurrence.Outcome is { } outcome ? OccurrenceNames.Name(outcome) : null),
            ("@reason", occurrence.Reason),
            ("@code", occurrence.ReasonCode is { } code ? OccurrenceNames.Name(code) : null),
            ("@run", occurrence.RunId),
            ("@decided", occurrence.DecidedAt),
            ("@checking", occurrence.Checking),
            ("@catchUp", occurrence.IsCatchUp)
        );
    }

    /// <summary>
    /// Has moments of a schedule measured that have their outcome now. It is measured when that is on disk: what is rolled back is entered
    /// once more.
    /// </summary>
    public static void Measure(SqliteConnection connection, OccurrenceOutcome outcome, long count)
    {
        if (count > 0 && LoopMetrics.Occurrences.Enabled)
        {
            ((PreparedConnection)connection).OnCommit(() =>
                LoopMetrics.Occurrences.Add(count, new KeyValuePair<string, object?>(LoopMetrics.Outcome, OccurrenceNames.Name(outcome)))
            );
        }
    }

    /// <summary>How many moments have no outcome yet, of a schedule or of all with <see cref="ScheduleState.AllSchedules"/>.</summary>
    public static long CountOpen(SqliteConnection connection, string scheduleId) =>
        connection.Scalar(
            "SELECT COALESCE(SUM(count), 0) FROM occurrences WHERE state IN ('waiting', 'checking') AND (@id = '*' OR schedule_id = @id)",
            ("@id", scheduleId)
        );

    /// <summary>The first millisecond from <paramref name="moment"/> on that has no row yet.</summary>
    public static DateTimeOffset FreeMoment(SqliteConnection connection, string scheduleId, DateTimeOffset moment)
    {
        while (
            connection.Scalar(
                "SELECT COUNT(*) FROM occurrences WHERE schedule_id = @id AND due_at = @due",
                ("@id", scheduleId),
                ("@due", moment)
            ) > 0
        )
        {
            moment = moment.AddMilliseconds(1);
        }

        return moment;
    }

    /// <summary>A slot, of a row that counts single moments.</summary>
    public static OccurrenceSlot MapSlot(SqliteDataReader reader) =>
        new(
            reader.Text("schedule_id")!,
            reader.Moment("at")!.Value,
            OccurrenceNames.Outcome(reader.Text("outcome")),
            RunNames.State(reader.Text("run_state")),
            reader.Integer("n")!.Value
        );

    public static List<Run> ActiveRuns(SqliteConnection connection, string scheduleId) =>
        connection.Query(
            "SELECT * FROM runs WHERE schedule_id = @id AND state IN ('queued', 'running') ORDER BY created_at",
            RunRows.Map,
            ("@id", scheduleId)
        );

    /// <summary>How many moments wait for their turn, and the oldest of them; <see langword="null"/> for none.</summary>
    public static (long Count, DateTimeOffset? Oldest) Waiting(SqliteConnection connection, string scheduleId) =>
        connection.Query(
            "SELECT COUNT(*) AS n, MIN(due_at) AS oldest FROM occurrences WHERE schedule_id = @id AND state = 'waiting'",
            static reader => (reader.Integer("n")!.Value, reader.Moment("oldest")),
            ("@id", scheduleId)
        )[0];

    /// <summary>The oldest moment that waits for its turn.</summary>
    public static Occurrence? OldestWaiting(SqliteConnection connection, string scheduleId) =>
        connection
            .Query(
                "SELECT * FROM occurrences WHERE schedule_id = @id AND state = 'waiting' ORDER BY due_at LIMIT 1",
                MapOccurrence,
                ("@id", scheduleId)
            )
            .FirstOrDefault();

    /// <summary>What waits for its <c>onlyIf</c> check, oldest first.</summary>
    public static List<Occurrence> Checking(SqliteConnection connection, string scheduleId) =>
        connection.Query(
            "SELECT * FROM occurrences WHERE schedule_id = @id AND state = 'checking' ORDER BY due_at",
            MapOccurrence,
            ("@id", scheduleId)
        );

    /// <summary>The latest folders of checks of a schedule whose occurrences do not wait for them any more.</summary>
    public static List<string> DroppedChecks(SqliteConnection connection, string scheduleId, int most) =>
        connection.Query(
            """
            SELECT check_folder FROM occurrences
            WHERE schedule_id = @id AND state NOT IN ('waiting', 'checking') AND check_folder IS NOT NULL
            ORDER BY due_at DESC LIMIT @most
            """,
            static reader => reader.GetString(0),
            ("@id", scheduleId),
            ("@most", most)
        );

    /// <summary>The streak that a schedule is in; see <see cref="IOccurrenceLedger.SkipStreakAsync"/>.</summary>
    public static SkipStreak? SkipStreak(SqliteConnection connection, string scheduleId) =>
        connection
            .Query(
                // Each part goes from the newest row back, and stops where the streak begins.
                """
                SELECT SUM(count) AS n, MIN(due_at) AS first, MAX(last_due_at) AS last, (
                    SELECT reason FROM occurrences WHERE schedule_id = @id AND origin = 'schedule' AND outcome IS NOT NULL
                    ORDER BY due_at DESC LIMIT 1) AS reason
                FROM occurrences
                WHERE schedule_id = @id AND origin = 'schedule' AND outcome IS NOT NULL AND due_at > COALESCE((
                    SELECT due_at FROM occurrences
                    WHERE schedule_id = @id AND origin = 'schedule' AND outcome IS NOT NULL
                      AND (outcome <> 'skipped' OR COALESCE(reason_code, '') IN ('paused', 'check_said_no'))
                    ORDER BY due_at DESC LIMIT 1), @never)
                """,
                static reader =>
                    reader.Integer("n") is { } count
                        ? new SkipStreak(count, reader.Moment("first")!.Value, reader.Moment("last")!.Value, reader.Text("reason") ?? "")
                        : null,
                ("@id", scheduleId),
                ("@never", long.MinValue)
            )
            .FirstOrDefault();

    /// <summary>Whether a due moment has a row of its own already.</summary>
    public static bool Has(SqliteConnection connection, string scheduleId, DateTimeOffset due) =>
        connection.Scalar(
            "SELECT COUNT(*) FROM occurrences WHERE schedule_id = @id AND due_at = @due AND origin = 'schedule'",
            ("@id", scheduleId),
            ("@due", due)
        ) > 0;

    public static ScheduleState MapState(SqliteDataReader reader) =>
        new(reader.Moment("last_due_at"), reader.Moment("paused_at"), reader.Text("paused_reason"), reader.Moment("resumed_at"))
        {
            FirstSeenAt = reader.Moment("seen_at"),
            PausedUntil = reader.Moment("paused_until"),
            PausedBy = PauseRows.CauseOf(reader.Text("paused_by")),
            Fingerprint = reader.Text("timing"),
            CountsFrom = reader.Moment("since_at"),
        };

    public static Occurrence MapWithRun(SqliteDataReader reader) =>
        MapOccurrence(reader) with
        {
            RunState = RunNames.State(reader.Text("run_state")),
        };

    public static Occurrence MapOccurrence(SqliteDataReader reader) =>
        new(
            reader.Text("schedule_id")!,
            reader.Moment("due_at")!.Value,
            reader.Moment("last_due_at")!.Value,
            reader.Integer("count")!.Value,
            OccurrenceNames.Outcome(reader.Text("outcome")),
            reader.Text("reason"),
            reader.Text("run_id"),
            reader.Moment("decided_at")
        )
        {
            Origin = OccurrenceNames.Origin(reader.Text("origin")),
            ReasonCode = OccurrenceNames.ReasonCode(reader.Text("reason_code")),
            IsCatchUp = reader.Integer("catch_up") == 1,
            Checking = (int)reader.Integer("checking")!.Value,
            CheckFolder = reader.Text("check_folder"),
            CheckHash = reader.Text("check_hash"),
        };
}
