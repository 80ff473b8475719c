using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Text;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The incidents and their deliveries in the database. Safe for many threads.</summary>
internal sealed class SqliteIncidentStore(StateDatabase database) : IIncidentStore
{
    private static readonly TimeSpan GivenUpLately = TimeSpan.FromDays(1);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Incident>> ReconcileAsync(
        IReadOnlyList<IncidentSign> signs,
        IReadOnlyList<IncidentKind> kinds,
        IReadOnlyList<NoticeTarget> targets,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    )
    {
        // Mostly nothing is different, and then nobody who writes has to wait for this.
        var open = await OpenAsync(cancellationToken);
        return IncidentEntry.IsSame(open, signs, kinds)
            ? []
            : await database.WriteAsync<IReadOnlyList<Incident>>(
                (connection, _) => IncidentEntry.Reconcile(new SqliteIncidentTable(connection), signs, kinds, targets, now),
                cancellationToken
            );
    }

    /// <inheritdoc/>
    public Task<IReadOnlyList<Incident>> OpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Incident>>(Open, cancellationToken);

    /// <inheritdoc/>
    public Task<IReadOnlyList<Incident>> ListAsync(int limit, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Incident>>(
            connection => connection.Query("SELECT * FROM incidents ORDER BY id DESC LIMIT @limit", Map, ("@limit", limit)),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<DueDelivery>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<DueDelivery>>(
            connection =>
                connection.Query(
                    // A begin that is due itself comes first in this list; one that is tried later holds the end back.
                    """
                    SELECT * FROM deliveries JOIN incidents ON incidents.id = incident_id
                    WHERE next_at <= @now AND (event = 'begun' OR NOT EXISTS (
                        SELECT 1 FROM deliveries AS begun
                        WHERE begun.incident_id = deliveries.incident_id AND begun.target = deliveries.target AND begun.event = 'begun'
                          AND begun.next_at > @now))
                    ORDER BY incident_id, CASE event WHEN 'begun' THEN 0 ELSE 1 END, target
                    """,
                    static reader => new DueDelivery(MapDelivery(reader), Map(reader)),
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
            connection =>
                connection.Query(
                    """
                    SELECT deliveries.* FROM deliveries JOIN incidents ON incidents.id = incident_id
                    WHERE delivered_at IS NULL AND (next_at IS NOT NULL OR COALESCE(ended_at, @now) >= @recent)
                      AND target IN (SELECT value FROM json_each(@targets))
                    ORDER BY incident_id, event, target LIMIT 100
                    """,
                    MapDelivery,
                    ("@targets", Keys(targets)),
                    ("@now", now),
                    ("@recent", now - GivenUpLately)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<long> CountPendingAsync(IReadOnlyList<NoticeTarget> targets, CancellationToken cancellationToken = default) =>
        database.ReadAsync(
            connection =>
                connection.Scalar(
                    "SELECT COUNT(*) FROM deliveries WHERE next_at IS NOT NULL AND target IN (SELECT value FROM json_each(@targets))",
                    ("@targets", Keys(targets))
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public async Task ForgetOthersAsync(IReadOnlyList<NoticeTarget> targets, CancellationToken cancellationToken = default)
    {
        const string Others = "FROM deliveries WHERE delivered_at IS NULL AND target NOT IN (SELECT value FROM json_each(@targets))";
        var keys = Keys(targets);

        // Mostly there is nothing, and then nobody who writes has to wait for this.
        var others = await database.ReadAsync(
            connection => connection.Scalar($"SELECT COUNT(*) {Others}", ("@targets", keys)),
            cancellationToken
        );
        if (others > 0)
        {
            await database.WriteAsync((connection, _) => connection.Execute($"DELETE {Others}", ("@targets", keys)), cancellationToken);
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
            (connection, _) =>
                connection.Execute(
                    """
                    UPDATE deliveries SET tries = tries + 1, delivered_at = CASE WHEN @error IS NULL THEN @now ELSE NULL END,
                        error = @error, next_at = CASE WHEN next_at IS NULL THEN NULL ELSE @next END
                    WHERE incident_id = @id AND event = @event AND target = @target AND delivered_at IS NULL
                    """,
                    ("@id", delivery.IncidentId),
                    ("@event", delivery.Event),
                    ("@target", delivery.Target),
                    ("@now", now),
                    ("@error", error is null ? null : connection.Redact(TextCut.Head(error, EscalationFields.MaxErrorLength).ToString())),
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
                (connection, _) =>
                    connection.Execute(
                        "UPDATE deliveries SET error = @error WHERE incident_id = @id AND event = @event AND target = @target AND next_at "
                            + "IS NOT NULL",
                        ("@id", delivery.IncidentId),
                        ("@event", delivery.Event),
                        ("@target", delivery.Target),
                        ("@error", error)
                    ) == 1,
                cancellationToken
            );
    }

    /// <summary>The incidents that go on, the oldest first.</summary>
    public static List<Incident> Open(SqliteConnection connection) =>
        connection.Query("SELECT * FROM incidents WHERE ended_at IS NULL ORDER BY id", Map);

    private static string Keys(IReadOnlyList<NoticeTarget> targets) => TextLists.Write([.. targets.Select(static target => target.Key)]);

    private static Incident Map(SqliteDataReader reader) => EscalationFields.MapIncident(new SqliteRow(reader));

    private static Delivery MapDelivery(SqliteDataReader reader) => EscalationFields.MapDelivery(new SqliteRow(reader));
}
