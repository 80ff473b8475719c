using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Postgres.Database;

namespace LoopOrchestrator.Postgres.Stores;

/// <summary>The notices of escalations.</summary>
internal sealed class PostgresNoticeStore(PostgresDatabase database) : INoticeStore
{
    private const string Joined = "JOIN escalations ON escalations.workspace = @workspace AND escalations.id = escalation_id";

    /// <inheritdoc/>
    public Task<IReadOnlyList<(Notice Notice, Escalation Escalation)>> DueAsync(
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.ReadAsync<IReadOnlyList<(Notice, Escalation)>>(
            session =>
                session.Query(
                    $"""
                    SELECT * FROM notices {Joined} WHERE notices.workspace = @workspace AND next_at <= @now
                    ORDER BY escalation_id, channel
                    """,
                    static row => (EscalationFields.MapNotice(row), EscalationFields.Map(row)),
                    ("@now", now)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Notice>> OpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Notice>>(
            static session =>
                session.Query(
                    $"""
                    SELECT notices.* FROM notices {Joined} WHERE notices.workspace = @workspace AND resolved_at IS NULL
                    ORDER BY escalation_id, channel
                    """,
                    EscalationFields.MapNotice
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task RecordDeliveryAsync(
        Notice notice,
        DateTimeOffset now,
        string? error,
        DateTimeOffset? nextAt,
        CancellationToken cancellationToken = default
    ) =>
        database.WriteAsync(
            session =>
                session.Execute(
                    """
                    UPDATE notices SET tries = tries + 1, delivered_at = CASE WHEN @error::text IS NULL THEN @now END,
                      error = @error::text, next_at = CASE WHEN next_at IS NULL THEN NULL ELSE @next::timestamptz END
                    WHERE workspace = @workspace AND escalation_id = @id AND channel = @channel
                    """,
                    ("@id", notice.EscalationId),
                    ("@channel", notice.Channel),
                    ("@now", now),
                    ("@error", error is null ? null : TextCut.Head(error, EscalationFields.MaxErrorLength).ToString()),
                    ("@next", nextAt)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<bool> HoldAsync(Notice notice, string reason, CancellationToken cancellationToken = default)
    {
        var error = TextCut.Head(reason, EscalationFields.MaxErrorLength).ToString();
        return notice.Error == error
            ? Task.FromResult(false)
            : database.WriteAsync(
                session =>
                    session.Execute(
                        """
                        UPDATE notices SET error = @error
                        WHERE workspace = @workspace AND escalation_id = @id AND channel = @channel AND next_at IS NOT NULL
                        """,
                        ("@id", notice.EscalationId),
                        ("@channel", notice.Channel),
                        ("@error", error)
                    ) == 1,
                cancellationToken
            );
    }
}
