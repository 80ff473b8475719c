using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Text;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The incidents and their deliveries in the database. Safe for many threads.</summary>
internal sealed class SqliteIncidentStore(StateDatabase database) : IIncidentStore
{
    private const int MaxErrorLength = 300;
    private const int MaxReasonLength = 500;

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
        var isSame =
            signs.All(sign =>
                open.Any(incident => IsOf(incident, sign) && incident.Level == sign.Level && incident.Reason == Cut(sign.Reason))
            ) && open.All(incident => !kinds.Contains(incident.Kind) || signs.Any(sign => IsOf(incident, sign)));
        return isSame
            ? []
            : await database.WriteAsync<IReadOnlyList<Incident>>(
                (connection, _) => Reconcile(connection, signs, kinds, targets, now),
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
                    ("@error", error is null ? null : connection.Redact(TextCut.Head(error, MaxErrorLength).ToString())),
                    ("@next", nextAt)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> HoldAsync(Delivery delivery, string reason, CancellationToken cancellationToken = default)
    {
        var error = TextCut.Head(reason, MaxErrorLength).ToString();
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

    private static List<Incident> Open(SqliteConnection connection) =>
        connection.Query("SELECT * FROM incidents WHERE ended_at IS NULL ORDER BY id", Map);

    private static List<Incident> Reconcile(
        SqliteConnection connection,
        IReadOnlyList<IncidentSign> signs,
        IReadOnlyList<IncidentKind> kinds,
        IReadOnlyList<NoticeTarget> targets,
        DateTimeOffset now
    )
    {
        var changed = new List<Incident>();
        var open = Open(connection);
        foreach (var sign in signs.DistinctBy(static sign => (sign.Kind, sign.Subject)))
        {
            var reason = connection.Redact(Cut(sign.Reason));
            if (open.Any(incident => IsOf(incident, sign)))
            {
                // A level that sinks is none of its repeats; from there the next one counts again.
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
                continue;
            }

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
            var id = connection.Scalar("SELECT last_insert_rowid()");
            AddDeliveries(connection, id, IncidentNames.Begun, targets.Where(target => target.HearsBegin(sign.Kind)), now);
            changed.Add(new Incident(id, sign.Kind, sign.Subject, reason, now, now, sign.Level, EndedAt: null));
        }

        foreach (var incident in open.Where(incident => kinds.Contains(incident.Kind) && !signs.Any(sign => IsOf(incident, sign))))
        {
            connection.Execute("UPDATE incidents SET ended_at = @now WHERE id = @id", ("@now", now), ("@id", incident.Id));
            AddDeliveries(connection, incident.Id, IncidentNames.Recovered, targets.Where(target => target.HearsEnd(incident.Kind)), now);
            changed.Add(incident with { EndedAt = now });
        }

        return changed;
    }

    private static void AddDeliveries(
        SqliteConnection connection,
        long id,
        string what,
        IEnumerable<NoticeTarget> targets,
        DateTimeOffset now
    )
    {
        // Two entries with one address and one secret are one receiver, which is told once.
        foreach (var key in targets.Select(static target => target.Key).Distinct(StringComparer.Ordinal))
        {
            connection.Execute(
                "INSERT INTO deliveries (incident_id, event, target, next_at) VALUES (@id, @event, @target, @now)",
                ("@id", id),
                ("@event", what),
                ("@target", key),
                ("@now", now)
            );
        }
    }

    private static string Keys(IReadOnlyList<NoticeTarget> targets) => TextLists.Write([.. targets.Select(static target => target.Key)]);

    private static bool IsOf(Incident incident, IncidentSign sign) => incident.Kind == sign.Kind && incident.Subject == sign.Subject;

    private static string Cut(string reason) => TextCut.Head(reason, MaxReasonLength).ToString();

    private static Incident Map(SqliteDataReader reader) =>
        new(
            reader.Integer("id")!.Value,
            IncidentNames.Kinds[reader.Text("kind")!],
            reader.Text("subject")!,
            reader.Text("reason")!,
            reader.Moment("since")!.Value,
            reader.Moment("last_at")!.Value,
            reader.Integer("count")!.Value,
            reader.Moment("ended_at")
        )
        {
            Level = reader.Integer("level")!.Value,
        };

    private static Delivery MapDelivery(SqliteDataReader reader) =>
        new(
            reader.Integer("incident_id")!.Value,
            reader.Text("event")!,
            reader.Text("target")!,
            (int)reader.Integer("tries")!.Value,
            reader.Moment("next_at"),
            reader.Moment("delivered_at"),
            reader.Text("error")
        );
}
