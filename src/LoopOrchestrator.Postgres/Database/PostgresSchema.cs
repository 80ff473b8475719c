namespace LoopOrchestrator.Postgres.Database;

/// <summary>
/// The tables as they are in the first step. They and their columns have the names of the embedded database, whose file is what is
/// exported and imported; before each of them stands the workspace. What lists are ordered by is compared byte by byte, whatever the
/// language of the database.
/// </summary>
internal static class PostgresSchema
{
    /// <summary>The first step.</summary>
    public const string First = """
        CREATE TABLE runs (
            workspace text COLLATE "C" NOT NULL,
            id text COLLATE "C" NOT NULL,
            mode text COLLATE "C" NOT NULL,
            task text NOT NULL,
            agent text COLLATE "C" NOT NULL,
            agent_kind text NOT NULL,
            priority text NOT NULL,
            schedule_id text COLLATE "C",
            parent_run_id text COLLATE "C",
            depth bigint NOT NULL,
            state text NOT NULL,
            reason text,
            attempt bigint NOT NULL DEFAULT 0,
            timeout_seconds bigint NOT NULL,
            created_at timestamptz NOT NULL,
            started_at timestamptz,
            deadline_at timestamptz,
            ended_at timestamptz,
            executor text,
            cancel_reason text,
            reported_outcome text,
            summary text,
            findings text,
            follow_ups text,
            questions text,
            exit_code bigint,
            cost_usd double precision,
            stop_row_pending boolean NOT NULL DEFAULT false,
            memory_pending boolean NOT NULL DEFAULT false,
            input_tokens bigint,
            output_tokens bigint,
            cached_tokens bigint,
            session_id text,
            usage_limit text,
            usage_limit_until timestamptz,
            denied_permissions text,
            attempt_started_at timestamptz,
            tries bigint NOT NULL DEFAULT 0,
            not_before timestamptz,
            failure text,
            answers text,
            lease_token text,
            lease_beat bigint NOT NULL DEFAULT 0,
            lease_seen bigint NOT NULL DEFAULT 0,
            lease_idle_ms bigint NOT NULL DEFAULT 0,
            cost_limit_usd double precision,
            token_limit bigint,
            cycle_id text COLLATE "C",
            unverified boolean NOT NULL DEFAULT false,
            lease_kind text,
            lease_owner text,
            lease_gone_at timestamptz,
            lost_leases bigint NOT NULL DEFAULT 0,
            kind text GENERATED ALWAYS AS
              (CASE agent_kind WHEN 'workflow' THEN 'cycle' WHEN 'handoff' THEN 'handoff' ELSE 'agent' END) STORED,
            workflow text GENERATED ALWAYS AS (CASE WHEN agent_kind = 'workflow' THEN agent END) STORED,
            title text,
            origin text,
            scheduled_for timestamptz,
            catch_up boolean NOT NULL DEFAULT false,
            PRIMARY KEY (workspace, id),
            FOREIGN KEY (workspace, parent_run_id) REFERENCES runs (workspace, id) DEFERRABLE
        );
        CREATE INDEX runs_by_state ON runs (workspace, state, created_at);
        CREATE INDEX runs_by_schedule ON runs (workspace, schedule_id, created_at);
        CREATE INDEX runs_by_creation ON runs (workspace, created_at);
        CREATE INDEX runs_pending ON runs (workspace, id) WHERE stop_row_pending OR memory_pending;
        CREATE INDEX runs_by_parent ON runs (workspace, parent_run_id) WHERE parent_run_id IS NOT NULL;
        CREATE INDEX runs_active ON runs (workspace, schedule_id) WHERE state IN ('queued', 'running');
        CREATE INDEX runs_queue ON runs (workspace, (CASE priority WHEN 'schedule' THEN 0 WHEN 'todo' THEN 1 ELSE 2 END), created_at, id)
          WHERE state = 'queued';
        CREATE INDEX runs_failed ON runs (workspace, ended_at)
          WHERE parent_run_id IS NULL AND state IN ('failed', 'timed_out', 'interrupted');
        CREATE INDEX runs_done ON runs (workspace, ended_at)
          WHERE state = 'succeeded' AND parent_run_id IS NULL AND NOT unverified;
        CREATE INDEX runs_signed_out ON runs (workspace, ended_at) WHERE failure = 'sign_in';

        CREATE TABLE occurrences (
            workspace text COLLATE "C" NOT NULL,
            schedule_id text COLLATE "C" NOT NULL,
            due_at timestamptz NOT NULL,
            last_due_at timestamptz NOT NULL,
            count bigint NOT NULL,
            outcome text,
            reason text,
            run_id text COLLATE "C",
            decided_at timestamptz,
            checking bigint NOT NULL DEFAULT 0,
            check_folder text,
            check_hash text,
            origin text NOT NULL DEFAULT 'schedule',
            reason_code text,
            state text GENERATED ALWAYS AS
              (CASE WHEN outcome IS NOT NULL THEN outcome WHEN checking > 0 THEN 'checking' ELSE 'waiting' END) STORED,
            catch_up boolean NOT NULL DEFAULT false,
            PRIMARY KEY (workspace, schedule_id, due_at),
            FOREIGN KEY (workspace, run_id) REFERENCES runs (workspace, id) DEFERRABLE
        );
        CREATE INDEX occurrences_by_run ON occurrences (workspace, run_id) WHERE run_id IS NOT NULL;
        CREATE INDEX occurrences_open ON occurrences (workspace, schedule_id, due_at) WHERE state IN ('waiting', 'checking');

        CREATE TABLE schedules (
            workspace text COLLATE "C" NOT NULL,
            id text COLLATE "C" NOT NULL,
            last_due_at timestamptz,
            paused_at timestamptz,
            paused_reason text,
            resumed_at timestamptz,
            seen_at timestamptz,
            timing text,
            since_at timestamptz,
            paused_until timestamptz,
            removed_until timestamptz,
            paused_by text,
            paused_escalation bigint,
            PRIMARY KEY (workspace, id)
        );

        CREATE TABLE decisions (
            workspace text COLLATE "C" NOT NULL,
            id bigint NOT NULL,
            run_id text COLLATE "C" NOT NULL,
            at timestamptz NOT NULL,
            text text NOT NULL,
            code text,
            PRIMARY KEY (workspace, id),
            FOREIGN KEY (workspace, run_id) REFERENCES runs (workspace, id) DEFERRABLE
        );
        CREATE INDEX decisions_by_run ON decisions (workspace, run_id);

        CREATE TABLE servers (
            workspace text COLLATE "C" NOT NULL,
            identity text COLLATE "C" NOT NULL,
            pid bigint NOT NULL,
            mode text COLLATE "C" NOT NULL,
            trusted boolean NOT NULL,
            started_at timestamptz NOT NULL,
            held text,
            folder text,
            PRIMARY KEY (workspace, identity)
        );

        CREATE TABLE sessions (
            workspace text COLLATE "C" NOT NULL,
            id bigint NOT NULL,
            identity text COLLATE "C" NOT NULL,
            started_at timestamptz NOT NULL,
            ended_at timestamptz,
            PRIMARY KEY (workspace, id)
        );

        CREATE TABLE attempts (
            workspace text COLLATE "C" NOT NULL,
            run_id text COLLATE "C" NOT NULL,
            number bigint NOT NULL,
            command text,
            lease_token text,
            started_at timestamptz NOT NULL,
            ended_at timestamptz,
            outcome text,
            reason text,
            failure text,
            exit_code bigint,
            cost_usd double precision,
            tokens bigint,
            secret_hash text,
            begun_by_older boolean NOT NULL DEFAULT true,
            PRIMARY KEY (workspace, run_id, number),
            FOREIGN KEY (workspace, run_id) REFERENCES runs (workspace, id) DEFERRABLE
        );
        CREATE INDEX attempts_by_end ON attempts (workspace, ended_at);

        CREATE TABLE failing_steps (
            workspace text COLLATE "C" NOT NULL,
            step text COLLATE "C" NOT NULL,
            runs text NOT NULL,
            PRIMARY KEY (workspace, step)
        );

        CREATE TABLE escalations (
            workspace text COLLATE "C" NOT NULL,
            id bigint NOT NULL,
            step text COLLATE "C" NOT NULL,
            schedule_id text COLLATE "C",
            mode text COLLATE "C" NOT NULL,
            task text NOT NULL,
            runs text NOT NULL,
            since timestamptz NOT NULL,
            reason text NOT NULL,
            resolved_at timestamptz,
            note text,
            memory_pending boolean NOT NULL DEFAULT true,
            recovered_run_id text COLLATE "C",
            recovery_pending boolean NOT NULL DEFAULT false,
            PRIMARY KEY (workspace, id),
            FOREIGN KEY (workspace, recovered_run_id) REFERENCES runs (workspace, id) DEFERRABLE
        );
        CREATE UNIQUE INDEX escalations_open ON escalations (workspace, step) WHERE resolved_at IS NULL;

        CREATE TABLE notices (
            workspace text COLLATE "C" NOT NULL,
            escalation_id bigint NOT NULL,
            channel text COLLATE "C" NOT NULL,
            tries bigint NOT NULL DEFAULT 0,
            next_at timestamptz,
            delivered_at timestamptz,
            error text,
            PRIMARY KEY (workspace, escalation_id, channel),
            FOREIGN KEY (workspace, escalation_id) REFERENCES escalations (workspace, id) DEFERRABLE
        );

        CREATE TABLE cycles (
            workspace text COLLATE "C" NOT NULL,
            run_id text COLLATE "C" NOT NULL,
            workflow text NOT NULL,
            stage bigint NOT NULL,
            visit bigint NOT NULL,
            reworks bigint NOT NULL,
            retries bigint NOT NULL,
            failure text,
            verdict text,
            held_since timestamptz,
            held_reason text,
            has_effect boolean,
            PRIMARY KEY (workspace, run_id),
            FOREIGN KEY (workspace, run_id) REFERENCES runs (workspace, id) DEFERRABLE
        );

        CREATE TABLE cycle_items (
            workspace text COLLATE "C" NOT NULL,
            cycle_id text COLLATE "C" NOT NULL,
            number bigint NOT NULL,
            visit bigint NOT NULL,
            stage bigint NOT NULL,
            kind text COLLATE "C" NOT NULL,
            position bigint NOT NULL,
            name text COLLATE "C" NOT NULL,
            mode text COLLATE "C",
            why text,
            run_id text COLLATE "C",
            state text NOT NULL,
            reason text,
            started_at timestamptz NOT NULL,
            ended_at timestamptz,
            before_checkpoint text,
            after_checkpoint text,
            changes text,
            marks text,
            output text,
            exit_code bigint,
            work_tree text,
            folder text,
            secret_hash text,
            file_pattern text,
            no_checkpoint text,
            fault text,
            PRIMARY KEY (workspace, cycle_id, number),
            FOREIGN KEY (workspace, cycle_id) REFERENCES cycles (workspace, run_id) DEFERRABLE,
            FOREIGN KEY (workspace, run_id) REFERENCES runs (workspace, id) DEFERRABLE
        );
        CREATE UNIQUE INDEX cycle_items_by_run ON cycle_items (workspace, run_id) WHERE run_id IS NOT NULL;

        CREATE TABLE agent_holds (
            workspace text COLLATE "C" NOT NULL,
            agent text COLLATE "C" NOT NULL,
            failure text NOT NULL,
            reason text NOT NULL,
            run_id text COLLATE "C" NOT NULL,
            since timestamptz NOT NULL,
            digest text,
            PRIMARY KEY (workspace, agent)
        );

        CREATE TABLE requests (
            workspace text COLLATE "C" NOT NULL,
            tool text COLLATE "C" NOT NULL,
            id_hash text COLLATE "C" NOT NULL,
            digest text NOT NULL,
            created_at timestamptz NOT NULL,
            run_id text COLLATE "C",
            note text,
            answer text,
            PRIMARY KEY (workspace, tool, id_hash)
        );
        CREATE INDEX requests_by_age ON requests (workspace, created_at);

        CREATE TABLE acknowledgements (
            workspace text COLLATE "C" NOT NULL,
            subject text COLLATE "C" NOT NULL,
            until_at timestamptz NOT NULL,
            PRIMARY KEY (workspace, subject)
        );

        CREATE TABLE incidents (
            workspace text COLLATE "C" NOT NULL,
            id bigint NOT NULL,
            kind text COLLATE "C" NOT NULL,
            subject text COLLATE "C" NOT NULL,
            reason text NOT NULL,
            since timestamptz NOT NULL,
            last_at timestamptz NOT NULL,
            count bigint NOT NULL,
            level bigint NOT NULL,
            ended_at timestamptz,
            PRIMARY KEY (workspace, id)
        );
        CREATE UNIQUE INDEX incidents_open ON incidents (workspace, kind, subject) WHERE ended_at IS NULL;

        CREATE TABLE deliveries (
            workspace text COLLATE "C" NOT NULL,
            incident_id bigint NOT NULL,
            event text COLLATE "C" NOT NULL,
            target text COLLATE "C" NOT NULL,
            tries bigint NOT NULL DEFAULT 0,
            next_at timestamptz,
            delivered_at timestamptz,
            error text,
            PRIMARY KEY (workspace, incident_id, event, target),
            FOREIGN KEY (workspace, incident_id) REFERENCES incidents (workspace, id) DEFERRABLE
        );
        CREATE INDEX deliveries_due ON deliveries (workspace, next_at) WHERE next_at IS NOT NULL;
        """;
}
