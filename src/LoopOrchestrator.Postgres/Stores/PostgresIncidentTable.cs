using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The incidents as <see cref="IncidentEntry"/> has them.</summary>
internal sealed class PostgresIncidentTable(PostgresSession session) : IIncidentTable
{
    /// <inheritdoc/>
    public IReadOnlyList<Incident> Open() =>
        session.Query(
            "SELECT * FROM incidents WHERE workspace = @workspace AND ended_at IS NULL ORDER BY id",
            EscalationFields.MapIncident
        );

    /// <inheritdoc/>
    public string Redact(string text) => session.Redact(text);

    /// <inheritdoc/>
    public void Change(IncidentSign sign, string reason, DateTimeOffset now) =>
        session.Execute(
            """
            UPDATE incidents SET count = count + GREATEST(0, @level - level),
              last_at = CASE WHEN @level > level THEN @now ELSE last_at END, level = @level, reason = @reason
            WHERE workspace = @workspace AND kind = @kind AND subject = @subject AND ended_at IS NULL
              AND (level <> @level OR reason <> @reason)
            """,
            ("@kind", sign.Kind.Name()),
            ("@subject", sign.Subject),
            ("@level", sign.Level),
            ("@reason", reason),
            ("@now", now)
        );

    /// <inheritdoc/>
    public long Begin(IncidentSign sign, string reason, DateTimeOffset now) =>
        session.Scalar(
            """
            INSERT INTO incidents (workspace, id, kind, subject, reason, since, last_at, count, level) VALUES (@workspace,
              (SELECT COALESCE(MAX(id), 0) + 1 FROM incidents WHERE workspace = @workspace),
              @kind, @subject, @reason, @now, @now, @level, @level)
            RETURNING id
            """,
            ("@kind", sign.Kind.Name()),
            ("@subject", sign.Subject),
            ("@reason", reason),
            ("@now", now),
            ("@level", sign.Level)
        );

    /// <inheritdoc/>
    public void End(long id, DateTimeOffset now) =>
        session.Execute("UPDATE incidents SET ended_at = @now WHERE workspace = @workspace AND id = @id", ("@now", now), ("@id", id));

    /// <inheritdoc/>
    public void AddDelivery(long id, string what, string target, DateTimeOffset now) =>
        session.Execute(
            "INSERT INTO deliveries (workspace, incident_id, event, target, next_at) VALUES (@workspace, @id, @event, @target, @now)",
            ("@id", id),
            ("@event", what),
            ("@target", target),
            ("@now", now)
        );
}
