using System.Globalization;
using LoopOrchestrator.Core.Errors;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// The numbered steps of the database's schema. A step that has been released is never changed: what comes later is a further step.
/// The number reached is kept in SQLite's <c>user_version</c>. All moments are milliseconds since 1970-01-01T00:00Z.
/// </summary>
internal static class SchemaMigrations
{
    private const string MakesTable = "CREATE TABLE ";

    // Step 7 only adds. A server of the version before that is not ended yet goes on writing what it knows: what is derived from that (the
    // state of an occurrence, the kind of a run) is a generated column, so that it is right whoever wrote the row. What that version told
    // from the wording of a reason gets a code here, once, for the rows that are there.
    private static readonly string[] Steps =
    [
        """
            CREATE TABLE runs (
                id TEXT NOT NULL PRIMARY KEY,
                mode TEXT NOT NULL,
                task TEXT NOT NULL,
                agent TEXT NOT NULL,
                agent_kind TEXT NOT NULL,
                priority TEXT NOT NULL,
                schedule_id TEXT NULL,
                parent_run_id TEXT NULL REFERENCES runs (id),
                depth INTEGER NOT NULL,
                state TEXT NOT NULL,
                reason TEXT NULL,
                attempt INTEGER NOT NULL DEFAULT 0,
                timeout_seconds INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                started_at INTEGER NULL,
                deadline_at INTEGER NULL,
                ended_at INTEGER NULL,
                executor TEXT NULL,
                cancel_reason TEXT NULL,
                reported_outcome TEXT NULL,
                summary TEXT NULL,
                findings TEXT NULL,
                follow_ups TEXT NULL,
                questions TEXT NULL,
                exit_code INTEGER NULL,
                cost_usd REAL NULL,
                stop_row_pending INTEGER NOT NULL DEFAULT 0,
                memory_pending INTEGER NOT NULL DEFAULT 0
            ) STRICT;
            CREATE INDEX runs_by_state ON runs (state, created_at);
            CREATE INDEX runs_by_schedule ON runs (schedule_id, created_at);
            CREATE INDEX runs_by_creation ON runs (created_at);
            CREATE INDEX runs_pending ON runs (id) WHERE stop_row_pending = 1 OR memory_pending = 1;

            CREATE TABLE occurrences (
                schedule_id TEXT NOT NULL,
                due_at INTEGER NOT NULL,
                last_due_at INTEGER NOT NULL,
                count INTEGER NOT NULL,
                outcome TEXT NULL,
                reason TEXT NULL,
                run_id TEXT NULL REFERENCES runs (id),
                decided_at INTEGER NULL,
                PRIMARY KEY (schedule_id, due_at)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX occurrences_waiting ON occurrences (schedule_id) WHERE outcome IS NULL;

            CREATE TABLE schedules (
                id TEXT NOT NULL PRIMARY KEY,
                last_due_at INTEGER NULL,
                paused_at INTEGER NULL,
                paused_reason TEXT NULL,
                resumed_at INTEGER NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE decisions (
                id INTEGER PRIMARY KEY,
                run_id TEXT NOT NULL REFERENCES runs (id),
                at INTEGER NOT NULL,
                text TEXT NOT NULL
            ) STRICT;
            CREATE INDEX decisions_by_run ON decisions (run_id);

            CREATE TABLE servers (
                identity TEXT NOT NULL PRIMARY KEY,
                pid INTEGER NOT NULL,
                mode TEXT NOT NULL,
                trusted INTEGER NOT NULL,
                started_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE sessions (
                id INTEGER PRIMARY KEY,
                identity TEXT NOT NULL,
                started_at INTEGER NOT NULL,
                ended_at INTEGER NULL
            ) STRICT;
            """,
        """
            ALTER TABLE schedules ADD COLUMN seen_at INTEGER NULL;
            """,
        """
            ALTER TABLE schedules ADD COLUMN timing TEXT NULL;
            ALTER TABLE schedules ADD COLUMN since_at INTEGER NULL;
            ALTER TABLE occurrences ADD COLUMN checking INTEGER NOT NULL DEFAULT 0;
            """,
        """
            ALTER TABLE runs ADD COLUMN input_tokens INTEGER NULL;
            ALTER TABLE runs ADD COLUMN output_tokens INTEGER NULL;
            ALTER TABLE runs ADD COLUMN cached_tokens INTEGER NULL;
            ALTER TABLE runs ADD COLUMN session_id TEXT NULL;
            ALTER TABLE runs ADD COLUMN usage_limit TEXT NULL;
            ALTER TABLE runs ADD COLUMN usage_limit_until INTEGER NULL;
            ALTER TABLE runs ADD COLUMN denied_permissions TEXT NULL;
            """,
        """
            ALTER TABLE runs ADD COLUMN attempt_started_at INTEGER NULL;
            ALTER TABLE runs ADD COLUMN tries INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE runs ADD COLUMN not_before INTEGER NULL;
            ALTER TABLE runs ADD COLUMN failure TEXT NULL;
            ALTER TABLE runs ADD COLUMN answers TEXT NULL;
            ALTER TABLE runs ADD COLUMN lease_token TEXT NULL;
            ALTER TABLE runs ADD COLUMN lease_beat INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE runs ADD COLUMN lease_seen INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE runs ADD COLUMN lease_idle_ms INTEGER NOT NULL DEFAULT 0;
            ALTER TABLE runs ADD COLUMN cost_limit_usd REAL NULL;
            ALTER TABLE runs ADD COLUMN token_limit INTEGER NULL;
            CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
            ALTER TABLE schedules ADD COLUMN paused_until INTEGER NULL;

            CREATE TABLE attempts (
                run_id TEXT NOT NULL REFERENCES runs (id),
                number INTEGER NOT NULL,
                command TEXT NULL,
                lease_token TEXT NULL,
                started_at INTEGER NOT NULL,
                ended_at INTEGER NULL,
                outcome TEXT NULL,
                reason TEXT NULL,
                failure TEXT NULL,
                exit_code INTEGER NULL,
                cost_usd REAL NULL,
                tokens INTEGER NULL,
                PRIMARY KEY (run_id, number)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX attempts_by_end ON attempts (ended_at);
            INSERT INTO attempts (run_id, number, started_at, ended_at, outcome, reason, exit_code, cost_usd)
                SELECT id, attempt, started_at, ended_at, CASE WHEN ended_at IS NULL THEN NULL ELSE state END, reason, exit_code, cost_usd
                FROM runs WHERE started_at IS NOT NULL AND attempt > 0;
            UPDATE runs SET attempt_started_at = started_at;

            CREATE TABLE failing_steps (
                step TEXT NOT NULL PRIMARY KEY,
                runs TEXT NOT NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE escalations (
                id INTEGER PRIMARY KEY,
                step TEXT NOT NULL,
                schedule_id TEXT NULL,
                mode TEXT NOT NULL,
                task TEXT NOT NULL,
                runs TEXT NOT NULL,
                since INTEGER NOT NULL,
                reason TEXT NOT NULL,
                resolved_at INTEGER NULL,
                note TEXT NULL,
                memory_pending INTEGER NOT NULL DEFAULT 1,
                recovered_run_id TEXT NULL REFERENCES runs (id),
                recovery_pending INTEGER NOT NULL DEFAULT 0
            ) STRICT;
            CREATE UNIQUE INDEX escalations_open ON escalations (step) WHERE resolved_at IS NULL;

            CREATE TABLE notices (
                escalation_id INTEGER NOT NULL REFERENCES escalations (id),
                channel TEXT NOT NULL,
                tries INTEGER NOT NULL DEFAULT 0,
                next_at INTEGER NULL,
                delivered_at INTEGER NULL,
                error TEXT NULL,
                PRIMARY KEY (escalation_id, channel)
            ) STRICT, WITHOUT ROWID;
            """,
        """
            ALTER TABLE runs ADD COLUMN cycle_id TEXT NULL;

            CREATE TABLE cycles (
                run_id TEXT NOT NULL PRIMARY KEY REFERENCES runs (id),
                workflow TEXT NOT NULL,
                stage INTEGER NOT NULL,
                visit INTEGER NOT NULL,
                reworks INTEGER NOT NULL,
                retries INTEGER NOT NULL,
                failure TEXT NULL,
                verdict TEXT NULL,
                held_since INTEGER NULL,
                held_reason TEXT NULL,
                has_effect INTEGER NULL
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE cycle_items (
                cycle_id TEXT NOT NULL REFERENCES cycles (run_id),
                number INTEGER NOT NULL,
                visit INTEGER NOT NULL,
                stage INTEGER NOT NULL,
                kind TEXT NOT NULL,
                position INTEGER NOT NULL,
                name TEXT NOT NULL,
                mode TEXT NULL,
                why TEXT NULL,
                run_id TEXT NULL REFERENCES runs (id),
                state TEXT NOT NULL,
                reason TEXT NULL,
                started_at INTEGER NOT NULL,
                ended_at INTEGER NULL,
                before_checkpoint TEXT NULL,
                after_checkpoint TEXT NULL,
                changes TEXT NULL,
                marks TEXT NULL,
                output TEXT NULL,
                exit_code INTEGER NULL,
                work_tree TEXT NULL,
                PRIMARY KEY (cycle_id, number)
            ) STRICT, WITHOUT ROWID;
            CREATE UNIQUE INDEX cycle_items_by_run ON cycle_items (run_id) WHERE run_id IS NOT NULL;
            """,
        $"""
            {RunColumns.AddedBy(7)}
            ALTER TABLE attempts ADD COLUMN secret_hash TEXT NULL;
            ALTER TABLE attempts ADD COLUMN begun_by_older INTEGER NOT NULL DEFAULT 1;
            ALTER TABLE cycle_items ADD COLUMN folder TEXT NULL;
            ALTER TABLE cycle_items ADD COLUMN secret_hash TEXT NULL;
            ALTER TABLE occurrences ADD COLUMN check_folder TEXT NULL;
            ALTER TABLE occurrences ADD COLUMN check_hash TEXT NULL;
            ALTER TABLE schedules ADD COLUMN removed_until INTEGER NULL;
            CREATE INDEX occurrences_by_run ON occurrences (run_id) WHERE run_id IS NOT NULL;
            CREATE INDEX runs_active ON runs (schedule_id) WHERE state IN ('queued', 'running');
            CREATE INDEX runs_queue ON runs (CASE priority WHEN 'schedule' THEN 0 WHEN 'todo' THEN 1 ELSE 2 END, created_at, id)
              WHERE state = 'queued';
            ALTER TABLE cycle_items ADD COLUMN file_pattern TEXT NULL;
            ALTER TABLE servers ADD COLUMN held TEXT NULL;

            ALTER TABLE occurrences ADD COLUMN origin TEXT NOT NULL DEFAULT 'schedule';
            ALTER TABLE occurrences ADD COLUMN reason_code TEXT NULL;
            ALTER TABLE occurrences ADD COLUMN state TEXT AS (
                    CASE WHEN outcome IS NOT NULL THEN outcome WHEN checking > 0 THEN 'checking' ELSE 'waiting' END);
            UPDATE occurrences SET origin = 'hand' WHERE reason = 'triggered by hand';
            UPDATE occurrences SET reason_code = 'check_not_started' WHERE reason LIKE 'its onlyIf command could not be started:%';
            DROP INDEX occurrences_waiting;
            CREATE INDEX occurrences_waiting ON occurrences (schedule_id, due_at) WHERE state = 'waiting';
            CREATE INDEX occurrences_checking ON occurrences (schedule_id, due_at) WHERE state = 'checking';

            ALTER TABLE schedules ADD COLUMN paused_by TEXT NULL;
            ALTER TABLE schedules ADD COLUMN paused_escalation INTEGER NULL;
            UPDATE schedules SET paused_escalation = (
                SELECT id FROM escalations WHERE schedules.paused_reason =
                    'escalation ' || id || ': its runs failed again and again; see get_status, and go on with resolve_escalation');
            UPDATE schedules SET paused_by = CASE
                    WHEN paused_escalation IS NOT NULL THEN 'escalation' WHEN paused_until IS NOT NULL THEN 'budget' ELSE 'person' END
                WHERE paused_at IS NOT NULL;

            ALTER TABLE decisions ADD COLUMN code TEXT NULL;
            UPDATE decisions SET code = 'never_begun'
                WHERE text LIKE '%the server that had taken it ended before it began; nothing was done for it';
            UPDATE decisions SET code = 'report_refused' WHERE text LIKE 'a second report was refused:%';

            ALTER TABLE cycle_items ADD COLUMN no_checkpoint TEXT NULL;
            UPDATE cycle_items SET no_checkpoint = (SELECT value FROM json_each(marks) WHERE value LIKE 'no checkpoint%' LIMIT 1)
                WHERE marks LIKE '%no checkpoint%';
            """,
        $"""
            {RunColumns.AddedBy(8)}
            CREATE TABLE agent_holds (
                agent TEXT NOT NULL PRIMARY KEY,
                failure TEXT NOT NULL,
                reason TEXT NOT NULL,
                run_id TEXT NOT NULL,
                since INTEGER NOT NULL,
                digest TEXT NULL
            ) STRICT, WITHOUT ROWID;
            ALTER TABLE cycle_items ADD COLUMN fault TEXT NULL;
            ALTER TABLE servers ADD COLUMN workspace TEXT NULL;
            """,
        $"""
            {RunColumns.AddedBy(9)}
            UPDATE runs SET origin = CASE
                    WHEN cycle_id IS NOT NULL THEN 'cycle'
                    WHEN parent_run_id IS NOT NULL THEN 'run'
                    WHEN schedule_id IS NULL THEN 'request'
                    WHEN EXISTS (SELECT 1 FROM occurrences WHERE run_id = runs.id AND origin = 'hand') THEN 'trigger'
                    WHEN EXISTS (SELECT 1 FROM occurrences WHERE run_id = runs.id AND outcome = 'started') THEN 'schedule'
                END;
            UPDATE runs SET scheduled_for = (
                SELECT last_due_at FROM occurrences WHERE run_id = runs.id AND outcome = 'started' AND occurrences.origin = 'schedule')
                WHERE origin = 'schedule';
            ALTER TABLE occurrences ADD COLUMN catch_up INTEGER NOT NULL DEFAULT 0;

            CREATE TABLE requests (
                tool TEXT NOT NULL,
                id_hash TEXT NOT NULL,
                digest TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                run_id TEXT NULL,
                note TEXT NULL,
                answer TEXT NULL,
                PRIMARY KEY (tool, id_hash)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX requests_by_age ON requests (created_at);
            """,
        """
            CREATE TABLE acknowledgements (
                subject TEXT NOT NULL PRIMARY KEY,
                until_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX runs_failed ON runs (ended_at)
              WHERE parent_run_id IS NULL AND state IN ('failed', 'timed_out', 'interrupted');
            CREATE INDEX runs_signed_out ON runs (ended_at) WHERE failure = 'sign_in';

            CREATE TABLE incidents (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL,
                subject TEXT NOT NULL,
                reason TEXT NOT NULL,
                since INTEGER NOT NULL,
                last_at INTEGER NOT NULL,
                count INTEGER NOT NULL,
                level INTEGER NOT NULL,
                ended_at INTEGER NULL
            ) STRICT;
            CREATE UNIQUE INDEX incidents_open ON incidents (kind, subject) WHERE ended_at IS NULL;

            CREATE TABLE deliveries (
                incident_id INTEGER NOT NULL REFERENCES incidents (id),
                event TEXT NOT NULL,
                target TEXT NOT NULL,
                tries INTEGER NOT NULL DEFAULT 0,
                next_at INTEGER NULL,
                delivered_at INTEGER NULL,
                error TEXT NULL,
                PRIMARY KEY (incident_id, event, target)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL;

            UPDATE occurrences SET reason_code = 'check_said_no' WHERE reason LIKE 'its onlyIf command ended with exit code%';
            UPDATE occurrences SET reason_code = 'paused'
                WHERE outcome = 'skipped' AND (reason LIKE 'paused since %' OR reason LIKE '%the schedule was paused');
            """,
        """
            CREATE INDEX runs_done ON runs (schedule_id, ended_at)
              WHERE state = 'succeeded' AND parent_run_id IS NULL AND unverified = 0;
            CREATE INDEX runs_without_report ON runs (agent_kind)
              WHERE state = 'succeeded' AND agent_kind = 'cli' AND reported_outcome IS NULL;
            """,
    ];

    /// <summary>The number of the newest schema.</summary>
    public static int Newest => Steps.Length;

    /// <summary>Brings the database to the newest schema; does nothing when it is there already.</summary>
    /// <exception cref="UserErrorException">The database was written by a newer version of the product.</exception>
    public static void Apply(SqliteConnection connection)
    {
        Apply(connection, Newest);

        // By this the database is known as ours from now on.
        DatabaseOwner.Mark(connection, DatabaseOwner.StateId);
    }

    /// <summary>
    /// What a database does not have that its schema version says is there, as a sentence's part; <see langword="null"/> for one that is
    /// whole, new, or of a newer version than this program knows.
    /// </summary>
    public static string? FindMissing(SqliteConnection connection)
    {
        var version = (int)connection.Scalar("PRAGMA user_version");
        if (version <= 0 || version > Newest)
        {
            return null;
        }

        var there = connection
            .Query("SELECT name FROM sqlite_schema WHERE type = 'table'", static reader => reader.GetString(0))
            .ToHashSet(StringComparer.Ordinal);
        var missing = TablesOf(version).Where(name => !there.Contains(name)).ToList();
        return missing.Count == 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"it says that it has schema version {version} and lacks {string.Join(", ", missing)}"
            );
    }

    private static IEnumerable<string> TablesOf(int version) =>
        Steps
            .Take(version)
            .SelectMany(static step => step.Split(MakesTable).Skip(1))
            .Select(static rest => rest[..rest.IndexOf(' ', StringComparison.Ordinal)]);

    /// <summary>Brings the database to an earlier schema, as the program of that time did.</summary>
    internal static void Apply(SqliteConnection connection, int last)
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        var version = Convert.ToInt32(command.ExecuteScalar());
        if (version > Steps.Length)
        {
            throw new UserErrorException(
                $"{connection.DataSource} has schema version {version} and this program knows {Steps.Length}: it was "
                    + "written by a newer version. Start that version on this workspace."
            );
        }

        if (version == 0 && last == Newest)
        {
            Execute(NewSchema.Sql, Newest);
        }
        else
        {
            for (var step = version; step < last; step++)
            {
                Execute(Steps[step], step + 1);
            }
        }

        transaction.Commit();

        void Execute(string statements, int reached)
        {
            command.CommandText = $"{statements}\nPRAGMA user_version = {reached};";
            command.ExecuteNonQuery();
        }
    }
}
