-- The database as the program with schema 1 made it, with a row or two in each table. A copy of the past: never changed.
PRAGMA foreign_keys = OFF;
PRAGMA user_version = 1;
BEGIN TRANSACTION;
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES runs (id),
    at INTEGER NOT NULL,
    text TEXT NOT NULL
) STRICT;
INSERT INTO "decisions" VALUES(1,'run-20260102-030405-00000001',1767323045000,'agent claude for mode code: the default');
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
INSERT INTO "occurrences" VALUES('nightly',1767323045000,1767323045000,1,'started','due','run-20260102-030405-00000001',1767323045000);
INSERT INTO "occurrences" VALUES('nightly',1767323645000,1767324845000,3,'missed','nothing could fire it',NULL,1767324945000);
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
INSERT INTO "runs" VALUES('run-20260102-030405-00000001','code','first work','claude','cli','schedule','nightly',NULL,0,'succeeded','it ended with exit code 0',1,600,1767323045000,1767323045000,1767323645000,1767323105000,'4711:123:boot',NULL,'succeeded','done','["a finding"]','["later"]','[]',0,0.25,0,0);
INSERT INTO "runs" VALUES('run-20260102-030505-00000002','debug','second work','handoff','handoff','todo',NULL,'run-20260102-030405-00000001',1,'queued',NULL,0,900,1767323105000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0);
CREATE TABLE schedules (
    id TEXT NOT NULL PRIMARY KEY,
    last_due_at INTEGER NULL,
    paused_at INTEGER NULL,
    paused_reason TEXT NULL,
    resumed_at INTEGER NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "schedules" VALUES('nightly',1767324845000,1767325045000,'on holiday',1767323040000);
CREATE TABLE servers (
    identity TEXT NOT NULL PRIMARY KEY,
    pid INTEGER NOT NULL,
    mode TEXT NOT NULL,
    trusted INTEGER NOT NULL,
    started_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "servers" VALUES('4711:123:boot',4711,'http',1,1767323045000);
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY,
    identity TEXT NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER NULL
) STRICT;
INSERT INTO "sessions" VALUES(1,'4711:123:boot',1767323045000,NULL);
CREATE INDEX runs_by_state ON runs (state, created_at);
CREATE INDEX runs_by_schedule ON runs (schedule_id, created_at);
CREATE INDEX runs_by_creation ON runs (created_at);
CREATE INDEX runs_pending ON runs (id) WHERE stop_row_pending = 1 OR memory_pending = 1;
CREATE INDEX occurrences_waiting ON occurrences (schedule_id) WHERE outcome IS NULL;
CREATE INDEX decisions_by_run ON decisions (run_id);
COMMIT;
