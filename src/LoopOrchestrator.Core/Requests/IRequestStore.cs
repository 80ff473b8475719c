namespace LoopOrchestrator.Core.Requests;

/// <summary>
/// The calls that were made with a request id. What adds a run or takes a report enters its request in the same transaction, by the port
/// of the runs or of the ledger. A task that has ended has its change on disk. Safe for many threads and processes.
/// </summary>
internal interface IRequestStore
{
    /// <summary>
    /// What is recorded under the tool and id of a call, whatever its arguments were; <see langword="null"/> for nothing.
    /// </summary>
    Task<RecordedRequest?> FindAsync(RequestKey key, CancellationToken cancellationToken = default);

    /// <summary>Enters a call that is about to be carried out.</summary>
    /// <param name="key">The call.</param>
    /// <param name="note">By what its effect is told again.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Gives up before the change.</param>
    /// <returns>What was recorded before, and nothing is changed then; <see langword="null"/> when it was entered now.</returns>
    Task<RecordedRequest?> EnterAsync(RequestKey key, string? note, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Keeps what a call was answered, where it has no answer yet.</summary>
    Task AnswerAsync(RequestKey key, string answer, CancellationToken cancellationToken = default);

    /// <summary>Takes back a call that was entered and did nothing. One that has an answer or a run stays.</summary>
    Task WithdrawAsync(RequestKey key, CancellationToken cancellationToken = default);
}
