namespace LoopOrchestrator.Core.Alarms;

/// <summary>
/// The incidents of a workspace, and who is still to be told of them. A delivery is entered together with what it tells, so none is
/// forgotten by a crash. Safe for many threads and processes.
/// </summary>
internal interface IIncidentStore
{
    /// <summary>
    /// Brings the incidents in line with what is seen now: a sign without an open incident begins one, a higher level of one that is open
    /// is a repeat, and an open one without a sign has ended. In one transaction with the deliveries that follow.
    /// </summary>
    /// <param name="signs">What is wrong now.</param>
    /// <param name="kinds">The kinds that were looked at; incidents of others stay as they are.</param>
    /// <param name="targets">Who is told.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Those that began or ended by this.</returns>
    Task<IReadOnlyList<Incident>> ReconcileAsync(
        IReadOnlyList<IncidentSign> signs,
        IReadOnlyList<IncidentKind> kinds,
        IReadOnlyList<NoticeTarget> targets,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    );

    /// <summary>The incidents that go on, oldest first.</summary>
    Task<IReadOnlyList<Incident>> OpenAsync(CancellationToken cancellationToken = default);

    /// <summary>Incidents, newest first.</summary>
    Task<IReadOnlyList<Incident>> ListAsync(int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// What is to be delivered now, oldest first, each with its incident. The end of an incident is not due for a target before its begin
    /// was delivered there, or given up.
    /// </summary>
    Task<IReadOnlyList<DueDelivery>> DueAsync(DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>What was not delivered: it is still tried, or was given up less than a day ago. 100 at the most.</summary>
    /// <param name="targets">Who is told; what is left of others is passed over.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Delivery>> UndeliveredAsync(
        IReadOnlyList<NoticeTarget> targets,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    );

    /// <summary>How many deliveries to these targets are still tried.</summary>
    Task<long> CountPendingAsync(IReadOnlyList<NoticeTarget> targets, CancellationToken cancellationToken = default);

    /// <summary>Takes away what was not delivered to anybody but these targets: nobody else is told any more.</summary>
    Task ForgetOthersAsync(IReadOnlyList<NoticeTarget> targets, CancellationToken cancellationToken = default);

    /// <summary>Keeps what became of a try.</summary>
    /// <param name="delivery">The delivery.</param>
    /// <param name="now">When.</param>
    /// <param name="error">Why it failed; <see langword="null"/> when it was taken.</param>
    /// <param name="nextAt">When it is tried again, if it is.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task RecordAsync(
        Delivery delivery,
        DateTimeOffset now,
        string? error,
        DateTimeOffset? nextAt,
        CancellationToken cancellationToken = default
    );

    /// <summary>Keeps why a delivery is not tried yet; it stays due. False when that stands there already.</summary>
    Task<bool> HoldAsync(Delivery delivery, string reason, CancellationToken cancellationToken = default);
}
