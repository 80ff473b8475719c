using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The incidents and their deliveries. Safe for many threads.</summary>
internal sealed class PostgresIncidentStore(PostgresDatabase database) : IIncidentStore
{
    private const string Joined =
        "deliveries JOIN incidents ON incidents.workspace = @workspace AND incidents.id = deliveries.incident_id";

    private const string TheDelivery = "workspace = @workspace AND incident_id = @id AND event = @event AND target = @target";

    private static readonly TimeSpan GivenUpLately = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Incident>> ReconcileAsync(
        IReadOnlyList<IncidentSign> signs,
        IReadOnlyList<IncidentKind> kinds,
        IReadOnlyList<NoticeTarget> targets,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        IncidentEntry.IsSame(await OpenAsync(cancellationToken), signs, kinds)
            ? []
            : await database.WriteAsync(
                session => IncidentEntry.Reconcile(new PostgresIncidentTable(session), signs, kinds, targets, now),
                cancellationToken
            );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Incident>> OpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync(static session => new PostgresIncidentTable(session).Open(), cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Incident>> ListAsync(int limit, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Incident>>(
            session =>
                session.Query(
                    "SELECT * FROM incidents WHERE workspace = @workspace ORDER BY id DESC LIMIT @limit",
                    EscalationFields.MapIncident,
                    ("@limit", limit)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueDelivery>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<DueDelivery>>(
            session =>
                session.Query(
                    // A begin that is due itself comes first in this list; one that is tried later holds the end back.
                    $"""
                    SELECT * FROM {Joined}
                    WHERE deliveries.workspace = @workspace AND next_at <= @now AND (event = 'begun' OR NOT EXISTS (
                      SELECT 1 FROM deliveries AS begun
                      WHERE begun.workspace = @workspace AND begun.incident_id = deliveries.incident_id
                        AND begun.target = deliveries.target AND begun.event = 'begun' AND begun.next_at > @now))
                    ORDER BY incident_id, CASE event WHEN 'begun' THEN 0 ELSE 1 END, target
                    """,
                    static row => new DueDelivery(EscalationFields.MapDelivery(row), EscalationFields.MapIncident(row)),
                    ("@now", now)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Delivery>> UndeliveredAsync(
        IReadOnlyList<NoticeTarget> targets,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.ReadAsync<IReadOnlyList<Delivery>>(
            session =>
                session.Query(
                    $"""
                    SELECT deliveries.* FROM {Joined}
                    WHERE deliveries.workspace = @workspace AND delivered_at IS NULL
                      AND (next_at IS NOT NULL OR COALESCE(ended_at, @now) >= @recent) AND target = ANY (@targets)
                    ORDER BY incident_id, event, target LIMIT 100
                    """,
                    EscalationFields.MapDelivery,
                    ("@targets", Keys(targets)),
                    ("@now", now),
                    ("@recent", now - GivenUpLately)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<long> CountPendingAsync(IReadOnlyList<NoticeTarget> targets, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            session =>
                session.Scalar(
                    "SELECT COUNT(*) FROM deliveries WHERE workspace = @workspace AND next_at IS NOT NULL AND target = ANY (@targets)",
                    ("@targets", Keys(targets))
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task ForgetOthersAsync(IReadOnlyList<NoticeTarget> targets, CancellationToken cancellationToken = default)
    {
        const string Others = "FROM deliveries WHERE workspace = @workspace AND delivered_at IS NULL AND target <> ALL (@targets)";
        var keys = Keys(targets);

        // Mostly there is nothing, and then nobody who writes has to wait for this.
        var others = await database.ReadAsync(
            session => session.Scalar($"SELECT COUNT(*) {Others}", ("@targets", keys)),
            cancellationToken
        );
        if (others > 0)
        {
            await database.WriteAsync(session => session.Execute($"DELETE {Others}", ("@targets", keys)), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public Task RecordAsync(
        Delivery delivery,
        DateTimeOffset now,
        string? error,
        DateTimeOffset? nextAt,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    $"""
                    UPDATE deliveries SET tries = tries + 1, delivered_at = CASE WHEN @error::text IS NULL THEN @now END,
                      error = @error::text, next_at = CASE WHEN next_at IS NULL THEN NULL ELSE @next::timestamptz END
                    WHERE {TheDelivery} AND delivered_at IS NULL
                    """,
                    ("@id", delivery.IncidentId),
                    ("@event", delivery.Event),
                    ("@target", delivery.Target),
                    ("@now", now),
                    ("@error", error is null ? null : session.Redact(TextCut.Head(error, EscalationFields.MaxErrorLength).ToString())),
                    ("@next", nextAt)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> HoldAsync(Delivery delivery, string reason, CancellationToken cancellationToken = default)
    {
        var error = TextCut.Head(reason, EscalationFields.MaxErrorLength).ToString();
        return delivery.Error == error
            ? Task.FromResult(false)
            : database.WriteAsync(
                session =>
                    session.Execute(
                        $"UPDATE deliveries SET error = @error WHERE {TheDelivery} AND next_at IS NOT NULL",
                        ("@id", delivery.IncidentId),
                        ("@event", delivery.Event),
                        ("@target", delivery.Target),
                        ("@error", error)
                    ) == 1,
                cancellationToken
            );
    }

    private static string[] Keys(IReadOnlyList<NoticeTarget> targets) => [.. targets.Select(static target => target.Key)];
}
