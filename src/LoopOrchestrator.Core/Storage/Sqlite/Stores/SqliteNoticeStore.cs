using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Storage.Rows;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Text;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Storage.Sqlite.Stores;

/// <summary>The notices of escalations in the database.</summary>
internal sealed class SqliteNoticeStore(StateDatabase database) : INoticeStore
{
    /// <inheritdoc/>
    public Task<IReadOnlyList<(Notice Notice, Escalation Escalation)>> DueAsync(
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    ) =>
        database.ReadAsync<IReadOnlyList<(Notice, Escalation)>>(
            connection =>
                connection.Query(
                    "SELECT * FROM notices JOIN escalations ON escalations.id = escalation_id WHERE next_at <= @now ORDER "
                        + "BY escalation_id, channel",
                    static reader => (Map(reader), EscalationRows.Map(reader)),
                    ("@now", now)
                ),
            cancellationToken
        );

    /// <inheritdoc/>
    public Task<IReadOnlyList<Notice>> OpenAsync(CancellationToken cancellationToken = default) =>
        database.ReadAsync<IReadOnlyList<Notice>>(
            static connection =>
                connection.Query(
                    "SELECT notices.* FROM notices JOIN escalations ON escalations.id = escalation_id WHERE resolved_at "
                        + "IS NULL ORDER BY escalation_id, channel",
                    Map
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
            (connection, _) =>
                connection.Execute(
                    """
                    UPDATE notices SET tries = tries + 1, delivered_at = CASE WHEN @error IS NULL THEN @now ELSE NULL END, error = @error,
                        next_at = CASE WHEN next_at IS NULL THEN NULL ELSE @next END
                    WHERE escalation_id = @id AND channel = @channel
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
                (connection, _) =>
                    connection.Execute(
                        "UPDATE notices SET error = @error WHERE escalation_id = @id AND channel = @channel AND next_at IS NOT NULL",
                        ("@id", notice.EscalationId),
                        ("@channel", notice.Channel),
                        ("@error", error)
                    ) == 1,
                cancellationToken
            );
    }

    private static Notice Map(SqliteDataReader reader) => EscalationFields.MapNotice(new SqliteRow(reader));
}
