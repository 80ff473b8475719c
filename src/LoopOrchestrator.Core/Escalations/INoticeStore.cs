namespace LoopOrchestrator.Core.Escalations;

/// <summary>
/// The notices of escalations and what became of them. A notice is entered together with its escalation, so none is forgotten by a
/// crash.
/// </summary>
internal interface INoticeStore
{
    /// <summary>Those that are to be sent now, oldest first, each with its escalation.</summary>
    Task<IReadOnlyList<(Notice Notice, Escalation Escalation)>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>The notices of open escalations.</summary>
    Task<IReadOnlyList<Notice>> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Keeps what became of a try.</summary>
    /// <param name="notice">The notice.</param>
    /// <param name="now">When.</param>
    /// <param name="error">Why it failed; <see langword="null"/> when it was taken.</param>
    /// <param name="nextAt">When it is tried again, if it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task RecordDeliveryAsync(
        Notice notice,
        DateTimeOffset now,
        string? error,
        DateTimeOffset? nextAt,
        CancellationToken cancellationToken = default
    );

    /// <summary>Keeps why a notice is not tried yet; it stays due. False when that stands there already.</summary>
    Task<bool> HoldAsync(Notice notice, string reason, CancellationToken cancellationToken = default);
}
