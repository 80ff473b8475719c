namespace LoopOrchestrator.Core.Acknowledgements;

/// <summary>What a person has seen of what ended, up to which moment. Safe for many threads and processes.</summary>
internal interface IAcknowledgementStore
{
    /// <summary>Up to when each subject has been seen.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> ListAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// What succeeded since a moment and nobody has seen: runs that nobody's run asked for and whose end is known for certain, by subject.
    /// However many runs there are of a schedule, it is told with all of them. Of more than
    /// <see cref="UnseenRuns.MaxSubjects"/> subjects those that have waited longest, in that order.
    /// </summary>
    /// <param name="since">The moment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<UnseenRuns>> UnseenDoneAsync(DateTimeOffset since, CancellationToken cancellationToken = default);

    /// <summary>
    /// The same of what failed and whose work has not succeeded since; without what is told as an open escalation or as the agent that it
    /// holds back.
    /// </summary>
    /// <param name="since">The moment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<IReadOnlyList<UnseenRuns>> UnseenFailedAsync(DateTimeOffset since, CancellationToken cancellationToken = default);

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
