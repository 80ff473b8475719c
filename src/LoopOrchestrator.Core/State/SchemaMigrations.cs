using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.State;

/// <summary>
/// The numbered steps of the database's schema. A step that has been released is never changed: what comes later is a further step.
/// The number reached is kept in SQLite's <c>user_version</c>. All moments are milliseconds since 1970-01-01T00:00Z.
/// </summary>
internal static class SchemaMigrations
{
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
    ];

    /// <summary>The number of the newest schema.</summary>
    public static int Newest => Steps.Length;

    /// <summary>Brings the database to the newest schema; does nothing when it is there already.</summary>
    /// <exception cref="UserErrorException">The database was written by a newer version of the product.</exception>
    public static void Apply(SqliteConnection connection) => Apply(connection, Newest);

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
                $"{connection.DataSource} has schema version {version} and this program knows {Steps.Length}: it was written by a newer version. Start that version on this workspace.");
        }

        for (var step = version; step < last; step++)
        {
            command.CommandText = Steps[step] + $"PRAGMA user_version = {step + 1};";
            command.ExecuteNonQuery();
        }

        transaction.Commit();
    }
}
