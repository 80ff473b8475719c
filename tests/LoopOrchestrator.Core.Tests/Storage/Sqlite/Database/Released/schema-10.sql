-- The database as the program with schema 10 made it of one with schema 9, with a run of its own and a call with a request id; the rows of
-- acknowledgements, incidents and deliveries were put in as it writes them. A copy of the past: never changed.
PRAGMA foreign_keys = OFF;
PRAGMA user_version = 10;
PRAGMA application_id = 1282363250;
BEGIN TRANSACTION;
CREATE TABLE acknowledgements (
    subject TEXT NOT NULL PRIMARY KEY,
    until_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "acknowledgements" VALUES('failed schedule:nightly',1767323105000);
CREATE TABLE agent_holds (
                agent TEXT NOT NULL PRIMARY KEY,
                failure TEXT NOT NULL,
                reason TEXT NOT NULL,
                run_id TEXT NOT NULL,
                since INTEGER NOT NULL,
                digest TEXT NULL
            ) STRICT, WITHOUT ROWID;
INSERT INTO "agent_holds" VALUES('claude','sign_in','the service of its model refused its key','run-20260102-030405-00000001',1767323105000,'a digest');
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
    tokens INTEGER NULL, secret_hash TEXT NULL, begun_by_older INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (run_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "attempts" VALUES('run-20260102-030405-00000001',1,NULL,NULL,1767323045000,1767323105000,'succeeded','it ended with exit code 0',NULL,0,0.25,NULL,NULL,1);
INSERT INTO "attempts" VALUES('run-20260102-030605-00000003',1,'workflow default',NULL,1767323165000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1);
INSERT INTO "attempts" VALUES('run-20260102-030605-00000004',1,'true',NULL,1767323165000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1);
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
    work_tree TEXT NULL, folder TEXT NULL, secret_hash TEXT NULL, file_pattern TEXT NULL, no_checkpoint TEXT NULL, fault TEXT NULL,
    PRIMARY KEY (cycle_id, number)
) STRICT, WITHOUT ROWID;
INSERT INTO "cycle_items" VALUES('run-20260102-030605-00000003',1,1,0,'gate',0,'build',NULL,NULL,NULL,'running',NULL,1767323165000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL);
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
INSERT INTO "cycles" VALUES('run-20260102-030605-00000003','{"name":"default","stages":[{"name":"implementation","kind":"Implementation","steps":[{"name":"implement","task":"{task}","mode":"code"}],"gates":[{"name":"build","command":["true","build"]}],"on_failure":{"action":"Stop"}}]}',0,1,0,0,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    run_id TEXT NOT NULL REFERENCES runs (id),
    at INTEGER NOT NULL,
    text TEXT NOT NULL
, code TEXT NULL) STRICT;
INSERT INTO "decisions" VALUES(1,'run-20260102-030405-00000001',1767323045000,'agent claude for mode code: the default',NULL);
INSERT INTO "decisions" VALUES(2,'run-20261129-230418-398bd7eb',1795993458986,'agent handoff for mode code: it is the default agent',NULL);
INSERT INTO "decisions" VALUES(3,'run-20261130-142835-38858ce7',1796048915044,'agent handoff for mode code: it is the default agent',NULL);
INSERT INTO "decisions" VALUES(4,'run-20261130-220524-acdeb142',1796076324957,'agent handoff for mode code: it is the default agent',NULL);
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
INSERT INTO "deliveries" VALUES(1,'begun','command:0',1,1767323225000,NULL,'exit code 1');
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
INSERT INTO "escalations" VALUES(1,'schedule:nightly','nightly','code','first work','["run-20260102-030405-00000001"]',1767323105000,'it failed three times',NULL,NULL,1,NULL,0);
CREATE TABLE failing_steps (
    step TEXT NOT NULL PRIMARY KEY,
    runs TEXT NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO "failing_steps" VALUES('mode:code:0123456789abcdef','["run-20260102-030405-00000001"]');
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
INSERT INTO "incidents" VALUES(1,'escalation','nightly','it failed three times',1767323105000,1767323165000,2,1,NULL);
CREATE TABLE notices (
    escalation_id INTEGER NOT NULL REFERENCES escalations (id),
    channel TEXT NOT NULL,
    tries INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NULL,
    delivered_at INTEGER NULL,
    error TEXT NULL,
    PRIMARY KEY (escalation_id, channel)
) STRICT, WITHOUT ROWID;
INSERT INTO "notices" VALUES(1,'webhook',1,1767323405000,NULL,'the address answered 500');
CREATE TABLE occurrences (
    schedule_id TEXT NOT NULL,
    due_at INTEGER NOT NULL,
    last_due_at INTEGER NOT NULL,
    count INTEGER NOT NULL,
    outcome TEXT NULL,
    reason TEXT NULL,
    run_id TEXT NULL REFERENCES runs (id),
    decided_at INTEGER NULL, checking INTEGER NOT NULL DEFAULT 0, check_folder TEXT NULL, check_hash TEXT NULL, origin TEXT NOT NULL DEFAULT 'schedule', reason_code TEXT NULL, state TEXT AS (
        CASE WHEN outcome IS NOT NULL THEN outcome WHEN checking > 0 THEN 'checking' ELSE 'waiting' END), catch_up INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (schedule_id, due_at)
) STRICT, WITHOUT ROWID;
INSERT INTO "occurrences" VALUES('nightly',1767323045000,1767323045000,1,'started','due','run-20260102-030405-00000001',1767323045000,0,NULL,NULL,'schedule',NULL,0);
INSERT INTO "occurrences" VALUES('nightly',1767323645000,1767324845000,3,'missed','nothing could fire it',NULL,1767324945000,0,NULL,NULL,'schedule',NULL,0);
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
INSERT INTO "requests" VALUES('run_mode','2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881','a1fce4363854ff888cff4b8e7875d600c2682390412a8cf79b37d0b11148b0fa',1767323105000,'run-20260102-030405-00000001','a note',NULL);
INSERT INTO "requests" VALUES('run_mode','9bb84dfa542a3e889299eae41f4190487636100210e68f5b4d0f93c04d347f12','1a9825009ff12822b9f14055748b9c4d4c3d17915ce2ee978f0d416f12ff3ec9',1796076324957,'run-20261130-220524-acdeb142','37babd7f61d3870d58d4cb5a83014f07',NULL);
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
, input_tokens INTEGER NULL, output_tokens INTEGER NULL, cached_tokens INTEGER NULL, session_id TEXT NULL, usage_limit TEXT NULL, usage_limit_until INTEGER NULL, denied_permissions TEXT NULL, attempt_started_at INTEGER NULL, tries INTEGER NOT NULL DEFAULT 0, not_before INTEGER NULL, failure TEXT NULL, answers TEXT NULL, lease_token TEXT NULL, lease_beat INTEGER NOT NULL DEFAULT 0, lease_seen INTEGER NOT NULL DEFAULT 0, lease_idle_ms INTEGER NOT NULL DEFAULT 0, cost_limit_usd REAL NULL, token_limit INTEGER NULL, cycle_id TEXT NULL, unverified INTEGER NOT NULL DEFAULT 0, lease_kind TEXT NULL, lease_owner TEXT NULL, lease_gone_at INTEGER NULL, lost_leases INTEGER NOT NULL DEFAULT 0, kind TEXT AS (CASE agent_kind WHEN 'workflow' THEN 'cycle' WHEN 'handoff' THEN 'handoff' ELSE 'agent' END), workflow TEXT AS (CASE agent_kind WHEN 'workflow' THEN agent END), title TEXT NULL, origin TEXT NULL, scheduled_for INTEGER NULL, catch_up INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO "runs" VALUES('run-20260102-030405-00000001','code','first work','claude','cli','schedule','nightly',NULL,0,'succeeded','it ended with exit code 0',1,600,1767323045000,1767323045000,1767323645000,1767323105000,'4711:123:boot',NULL,'succeeded','done','["a finding"]','["later"]','[]',0,0.25,0,0,100,20,5,'a-session',NULL,NULL,'["Bash"]',1767323045000,0,NULL,NULL,NULL,NULL,0,0,0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,'schedule',1767323045000,0);
INSERT INTO "runs" VALUES('run-20260102-030505-00000002','debug','second work','handoff','handoff','todo',NULL,'run-20260102-030405-00000001',1,'queued',NULL,0,900,1767323105000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,0,0,0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,'run',NULL,0);
INSERT INTO "runs" VALUES('run-20260102-030605-00000003','orchestrator','make it better','default','workflow','normal',NULL,NULL,0,'running',NULL,1,3600,1767323165000,1767323165000,1767326765000,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1767323165000,0,NULL,NULL,NULL,NULL,0,0,0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,'request',NULL,0);
INSERT INTO "runs" VALUES('run-20260102-030605-00000004','code','check it','checks','command','normal',NULL,NULL,0,'running',NULL,1,3600,1767323165000,1767323165000,1767326765000,NULL,'4242:1:an earlier boot',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,1767323165000,0,NULL,NULL,NULL,NULL,0,0,0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,'request',NULL,0);
INSERT INTO "runs" VALUES('run-20261129-230418-398bd7eb','code','a hand-off of schema seven','handoff','handoff','normal',NULL,NULL,0,'queued',NULL,0,3600,1795993458986,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]','[]','[]',NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,0,0,0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,'request',NULL,0);
INSERT INTO "runs" VALUES('run-20261130-142835-38858ce7','code','a run of schema nine','handoff','handoff','normal',NULL,NULL,0,'queued',NULL,0,3600,1796048915044,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]','[]','[]',NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,0,0,0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,'request',NULL,0);
INSERT INTO "runs" VALUES('run-20261130-220524-acdeb142','code','a task of schema 10','handoff','handoff','normal',NULL,NULL,0,'queued',NULL,0,3600,1796076324957,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'[]','[]','[]',NULL,NULL,0,0,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,0,NULL,NULL,NULL,NULL,0,0,0,NULL,NULL,NULL,0,NULL,NULL,NULL,0,NULL,'request',NULL,0);
CREATE TABLE schedules (
    id TEXT NOT NULL PRIMARY KEY,
    last_due_at INTEGER NULL,
    paused_at INTEGER NULL,
    paused_reason TEXT NULL,
    resumed_at INTEGER NULL
, seen_at INTEGER NULL, timing TEXT NULL, since_at INTEGER NULL, paused_until INTEGER NULL, removed_until INTEGER NULL, paused_by TEXT NULL, paused_escalation INTEGER NULL) STRICT, WITHOUT ROWID;
INSERT INTO "schedules" VALUES('nightly',1767324845000,1767325045000,'on holiday',1767323040000,1767323036000,'a timing',1767322999000,NULL,NULL,'person',NULL);
CREATE TABLE servers (
    identity TEXT NOT NULL PRIMARY KEY,
    pid INTEGER NOT NULL,
    mode TEXT NOT NULL,
    trusted INTEGER NOT NULL,
    started_at INTEGER NOT NULL
, held TEXT NULL, workspace TEXT NULL) STRICT, WITHOUT ROWID;
INSERT INTO "servers" VALUES('4711:123:boot',4711,'http',1,1767323045000,NULL,'/a/workspace');
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
CREATE INDEX decisions_by_run ON decisions (run_id);
CREATE INDEX runs_by_parent ON runs (parent_run_id) WHERE parent_run_id IS NOT NULL;
CREATE INDEX attempts_by_end ON attempts (ended_at);
CREATE UNIQUE INDEX escalations_open ON escalations (step) WHERE resolved_at IS NULL;
CREATE UNIQUE INDEX cycle_items_by_run ON cycle_items (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX occurrences_by_run ON occurrences (run_id) WHERE run_id IS NOT NULL;
CREATE INDEX runs_active ON runs (schedule_id) WHERE state IN ('queued', 'running');
CREATE INDEX runs_queue ON runs (CASE priority WHEN 'schedule' THEN 0 WHEN 'todo' THEN 1 ELSE 2 END, created_at, id)
  WHERE state = 'queued';
CREATE INDEX occurrences_waiting ON occurrences (schedule_id, due_at) WHERE state = 'waiting';
CREATE INDEX occurrences_checking ON occurrences (schedule_id, due_at) WHERE state = 'checking';
CREATE INDEX requests_by_age ON requests (created_at);
CREATE INDEX runs_failed ON runs (ended_at)
  WHERE parent_run_id IS NULL AND state IN ('failed', 'timed_out', 'interrupted');
CREATE INDEX runs_signed_out ON runs (ended_at) WHERE failure = 'sign_in';
CREATE UNIQUE INDEX incidents_open ON incidents (kind, subject) WHERE ended_at IS NULL;
CREATE INDEX deliveries_due ON deliveries (next_at) WHERE next_at IS NOT NULL;
COMMIT;
