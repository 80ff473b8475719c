namespace LoopOrchestrator.Core.Alarms;

/// <summary>Carries notices to their targets, each in bounded time. Safe for many threads.</summary>
internal interface INoticeCarrier
{
    /// <summary>Carries one.</summary>
    /// <param name="target">Whom it is for.</param>
    /// <param name="id">By what the receiver knows one that it got twice.</param>
    /// <param name="notice">The notice as JSON.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    /// <returns>Why it was not taken, or <see langword="null"/> when it was.</returns>
    Task<string?> CarryAsync(NoticeTarget target, string id, byte[] notice, CancellationToken cancellationToken);
}
