namespace LoopOrchestrator.Core.Acknowledgements;

/// <summary>What a person has seen of what ended, up to which moment. Safe for many threads and processes.</summary>
internal interface IAcknowledgementStore
{
    /// <summary>Up to when each subject has been seen.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Records that a subject has been seen up to a moment; what was seen before stays seen. What was seen more than
    /// <see cref="AcknowledgementSubject.Kept"/> ago is forgotten: nothing of that time is asked for any more.
    /// </summary>
    /// <param name="subject">As of <see cref="AcknowledgementSubject"/>.</param>
    /// <param name="until">The moment.</param>
    /// <param name="now">The present one.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task AcknowledgeAsync(string subject, DateTimeOffset until, DateTimeOffset now, CancellationToken cancellationToken = default);
}
