using LoopOrchestrator.Core.Storage.Rows;

namespace LoopOrchestrator.Core.Storage.Sqlite.Database;

/// <summary>
/// The columns of a run as they stand in the schema; what is written into them and read back is in <see cref="RunFields"/>. A further one
/// is a line in <see cref="All"/>.
/// </summary>
internal static class RunColumns
{
    private const string KindOfRun =
        "TEXT AS (CASE agent_kind WHEN 'workflow' THEN 'cycle' WHEN 'handoff' THEN 'handoff' ELSE 'agent' END)";

    // In the order of their coming, which is the order in a database that was made step by step. A step that adds columns asks for its own
    // by number (see AddedBy). Those that are not written from a run are generated, or belong to the clock of the lease.
    private static readonly Column[] All =
    [
        new("id", "TEXT NOT NULL PRIMARY KEY"),
        new("mode", "TEXT NOT NULL"),
        new("task", "TEXT NOT NULL"),
        new("agent", "TEXT NOT NULL"),
        new("agent_kind", "TEXT NOT NULL"),
        new("priority", "TEXT NOT NULL"),
        new("schedule_id", "TEXT NULL"),
        new("parent_run_id", "TEXT NULL REFERENCES runs (id)"),
        new("depth", "INTEGER NOT NULL"),
        new("state", "TEXT NOT NULL"),
        new("reason", "TEXT NULL"),
        new("attempt", "INTEGER NOT NULL DEFAULT 0"),
        new("timeout_seconds", "INTEGER NOT NULL"),
        new("created_at", "INTEGER NOT NULL"),
        new("started_at", "INTEGER NULL"),
        new("deadline_at", "INTEGER NULL"),
        new("ended_at", "INTEGER NULL"),
        new("executor", "TEXT NULL"),
        new("cancel_reason", "TEXT NULL"),
        new("reported_outcome", "TEXT NULL"),
        new("summary", "TEXT NULL"),
        new("findings", "TEXT NULL"),
        new("follow_ups", "TEXT NULL"),
        new("questions", "TEXT NULL"),
        new("exit_code", "INTEGER NULL"),
        new("cost_usd", "REAL NULL"),
        new("stop_row_pending", "INTEGER NOT NULL DEFAULT 0"),
        new("memory_pending", "INTEGER NOT NULL DEFAULT 0"),
        new("input_tokens", "INTEGER NULL"),
        new("output_tokens", "INTEGER NULL"),
        new("cached_tokens", "INTEGER NULL"),
        new("session_id", "TEXT NULL"),
        new("usage_limit", "TEXT NULL"),
        new("usage_limit_until", "INTEGER NULL"),
        new("denied_permissions", "TEXT NULL"),
        new("attempt_started_at", "INTEGER NULL"),
        new("tries", "INTEGER NOT NULL DEFAULT 0"),
        new("not_before", "INTEGER NULL"),
        new("failure", "TEXT NULL"),
        new("answers", "TEXT NULL"),
        new("lease_token", "TEXT NULL"),
        new("lease_beat", "INTEGER NOT NULL DEFAULT 0"),
        new("lease_seen", "INTEGER NOT NULL DEFAULT 0"),
        new("lease_idle_ms", "INTEGER NOT NULL DEFAULT 0"),
        new("cost_limit_usd", "REAL NULL"),
        new("token_limit", "INTEGER NULL"),
        new("cycle_id", "TEXT NULL"),
        new("unverified", "INTEGER NOT NULL DEFAULT 0") { Step = 7 },
        new("lease_kind", "TEXT NULL") { Step = 7 },
        new("lease_owner", "TEXT NULL") { Step = 7 },
        new("lease_gone_at", "INTEGER NULL") { Step = 7 },
        new("lost_leases", "INTEGER NOT NULL DEFAULT 0") { Step = 7 },
        new("kind", KindOfRun) { Step = 7 },
        new("workflow", "TEXT AS (CASE agent_kind WHEN 'workflow' THEN agent END)") { Step = 7 },
        new("title", "TEXT NULL") { Step = 7 },
        new("origin", "TEXT NULL") { Step = 9 },
        new("scheduled_for", "INTEGER NULL") { Step = 9 },
        new("catch_up", "INTEGER NOT NULL DEFAULT 0") { Step = 9 },
    ];

    /// <summary>All of them, as they stand in the statement that makes the table.</summary>
    public static string Definitions { get; } = string.Join(",\n    ", All.Select(static column => $"{column.Name} {column.Type}"));

    /// <summary>The statement that adds a run; its parameters are those of <see cref="RunFields"/>.</summary>
    public static string Insert { get; } = $"INSERT INTO runs ({RunFields.Names}) VALUES ({RunFields.Values})";

    /// <summary>The statement that writes a run over the one of its id; as above.</summary>
    public static string Update { get; } = $"UPDATE runs SET {RunFields.Assignments} WHERE id = @id";

    /// <summary>The statements by which a step adds its columns to the table.</summary>
    public static string AddedBy(int step) =>
        string.Concat(
            All.Where(column => column.Step == step).Select(static column => $"ALTER TABLE runs ADD COLUMN {column.Name} {column.Type};\n")
        );

    /// <summary>One column.</summary>
    /// <param name="Name">Its name.</param>
    /// <param name="Type">What stands behind the name in the schema.</param>
    private sealed record Column(string Name, string Type)
    {
        /// <summary>The step of the schema that adds it, as far as that asks for its columns here.</summary>
        public int Step { get; init; }
    }
}
