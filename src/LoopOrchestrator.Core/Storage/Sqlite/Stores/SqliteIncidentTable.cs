using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The incidents as <see cref="IncidentEntry"/> has them.</summary>
internal sealed class SqliteIncidentTable(SqliteConnection connection) : IIncidentTable
{
    /// <inheritdoc/>
    public IReadOnlyList<Incident> Open() => SqliteIncidentStore.Open(connection);

    /// <inheritdoc/>
    public string Redact(string text) => connection.Redact(text);

    /// <inheritdoc/>
    public void Change(IncidentSign sign, string reason, DateTimeOffset now) =>
        connection.Execute(
            """
            UPDATE incidents SET count = count + MAX(0, @level - level),
                last_at = CASE WHEN @level > level THEN @now ELSE last_at END,
                level = @level, reason = @reason
            WHERE kind = @kind AND subject = @subject AND ended_at IS NULL AND (level <> @level OR reason <> @reason)
            """,
            ("@kind", sign.Kind.Name()),
            ("@subject", sign.Subject),
            ("@level", sign.Level),
            ("@reason", reason),
            ("@now", now)
        );

    /// <inheritdoc/>
    public long Begin(IncidentSign sign, string reason, DateTimeOffset now)
    {
        connection.Execute(
            """
            INSERT INTO incidents (kind, subject, reason, since, last_at, count, level)
            VALUES (@kind, @subject, @reason, @now, @now, @level, @level)
            """,
            ("@kind", sign.Kind.Name()),
            ("@subject", sign.Subject),
            ("@reason", reason),
            ("@now", now),
            ("@level", sign.Level)
        );
        return connection.Scalar("SELECT last_insert_rowid()");
    }

    /// <inheritdoc/>
    public void End(long id, DateTimeOffset now) =>
        connection.Execute("UPDATE incidents SET ended_at = @now WHERE id = @id", ("@now", now), ("@id", id));

    /// <inheritdoc/>
    public void AddDelivery(long id, string what, string target, DateTimeOffset now) =>
        connection.Execute(
            "INSERT INTO deliveries (incident_id, event, target, next_at) VALUES (@id, @event, @target, @now)",
            ("@id", id),
            ("@event", what),
            ("@target", target),
            ("@now", now)
        );
}
