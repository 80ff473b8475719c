namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// The newest schema as a whole, for a database that is new: the steps of <see cref="SchemaMigrations"/> give the same and take four times
/// as long, since each column that is added has the whole schema read again. A test compares the two.
/// </summary>
internal static class NewSchema
{
    /// <summary>The statements that make it in an empty database.</summary>
    public static readonly string Sql = $"""
        CREATE TABLE runs (
            {RunColumns.Definitions}
        ) STRICT;
        CREATE INDEX runs_by_state ON runs (state, created_at);
        CREATE INDEX runs_by_schedule ON runs (schedule_id, created_at);
        CREATE INDEX runs_by_creation ON runs (created_at);
        CREATE INDEX runs_pending ON runs (id) WHERE stop_row_pending = 1 OR memory_pending = 1;
        CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
        CREATE INDEX runs_active ON runs (schedule_id) WHERE state IN ('queued', 'running');
        CREATE INDEX runs_queue ON runs (CASE priority WHEN 'schedule' THEN 0 WHEN 'todo' THEN 1 ELSE 2 END, created_at, id)
          WHERE state = 'queued';
        CREATE INDEX runs_failed ON runs (ended_at)
          WHERE parent_run_id IS NULL AND state IN ('failed', 'timed_out', 'interrupted');
        CREATE INDEX runs_signed_out ON runs (ended_at) WHERE failure = 'sign_in';
        CREATE INDEX runs_done ON runs (schedule_id, ended_at)
          WHERE state = 'succeeded' AND parent_run_id IS NULL AND unverified = 0;
        CREATE INDEX runs_without_report ON runs (agent_kind)
          WHERE state = 'succeeded' AND agent_kind = 'cli' AND reported_outcome IS NULL;

        CREATE TABLE occurrences (
            schedule_id TEXT NOT NULL,
            due_at INTEGER NOT NULL,
            last_due_at INTEGER NOT NULL,
            count INTEGER NOT NULL,
            outcome TEXT NULL,
            reason TEXT NULL,
            run_id TEXT NULL REFERENCES runs (id),
            decided_at INTEGER NULL,
            checking INTEGER NOT NULL DEFAULT 0,
            check_folder TEXT NULL,
            check_hash TEXT NULL,
            origin TEXT NOT NULL DEFAULT 'schedule',
            reason_code TEXT NULL,
            state TEXT AS (
                CASE WHEN outcome IS NOT NULL THEN outcome WHEN checking > 0 THEN 'checking' ELSE 'waiting' END),
            catch_up INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (schedule_id, due_at)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX occurrences_by_run ON occurrences (run_id) WHERE run_id IS NOT NULL;
        CREATE INDEX occurrences_waiting ON occurrences (schedule_id, due_at) WHERE state = 'waiting';
        CREATE INDEX occurrences_checking ON occurrences (schedule_id, due_at) WHERE state = 'checking';

        CREATE TABLE schedules (
            id TEXT NOT NULL PRIMARY KEY,
            last_due_at INTEGER NULL,
            paused_at INTEGER NULL,
            paused_reason TEXT NULL,
            resumed_at INTEGER NULL,
            seen_at INTEGER NULL,
            timing TEXT NULL,
            since_at INTEGER NULL,
            paused_until INTEGER NULL,
            removed_until INTEGER NULL,
            paused_by TEXT NULL,
            paused_escalation INTEGER NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE decisions (
            id INTEGER PRIMARY KEY,
            run_id TEXT NOT NULL REFERENCES runs (id),
            at INTEGER NOT NULL,
            text TEXT NOT NULL,
            code TEXT NULL
        ) STRICT;
        CREATE INDEX decisions_by_run ON decisions (run_id);

        CREATE TABLE servers (
            identity TEXT NOT NULL PRIMARY KEY,
            pid INTEGER NOT NULL,
            mode TEXT NOT NULL,
            trusted INTEGER NOT NULL,
            started_at INTEGER NOT NULL,
            held TEXT NULL,
            workspace TEXT NULL
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE sessions (
            id INTEGER PRIMARY KEY,
            identity TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            ended_at INTEGER NULL
        ) STRICT;

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
            secret_hash TEXT NULL,
            begun_by_older INTEGER NOT NULL DEFAULT 1,
            PRIMARY KEY (run_id, number)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX attempts_by_end ON attempts (ended_at);

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
            folder TEXT NULL,
            secret_hash TEXT NULL,
            file_pattern TEXT NULL,
            no_checkpoint TEXT NULL,
            fault TEXT NULL,
            PRIMARY KEY (cycle_id, number)
        ) STRICT, WITHOUT ROWID;
        CREATE UNIQUE INDEX cycle_items_by_run ON cycle_items (run_id) WHERE run_id IS NOT NULL;

        CREATE TABLE agent_holds (
            agent TEXT NOT NULL PRIMARY KEY,
            failure TEXT NOT NULL,
            reason TEXT NOT NULL,
            run_id TEXT NOT NULL,
            since INTEGER NOT NULL,
            digest TEXT NULL
        ) STRICT, WITHOUT ROWID;

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

        CREATE TABLE acknowledgements (
            subject TEXT NOT NULL PRIMARY KEY,
            until_at INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;

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
        """;
}
