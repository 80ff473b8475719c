using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>The escalations of a workspace, and the counts that lead to them. Safe for many threads and processes.</summary>
internal interface IEscalationStore
{
    /// <summary>Lists escalations, newest first.</summary>
    /// <param name="all">Those that were resolved, too.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Escalation>> ListAsync(bool all, int limit, CancellationToken cancellationToken = default);

    /// <summary>
    /// Those whose step has not succeeded since, however many, oldest first: the open ones, and those whose resolving is not believed yet.
    /// One behind whose resolving its step escalated again within that time goes on as long as that does: the step has shown that it was
    /// not mended.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="patience">After how long without a success the person who resolved one is believed.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Escalation>> UnrecoveredAsync(DateTimeOffset now, TimeSpan patience, CancellationToken cancellationToken = default);

    /// <summary>How many runs of a run's step have failed in a row, this one included when it did.</summary>
    Task<int> FailuresAsync(Run run, CancellationToken cancellationToken = default);

    /// <summary>
    /// Resolves an escalation: the count of failures begins anew, and the schedule goes on when it is paused for this and nothing else.
    /// </summary>
    /// <param name="id">The escalation's number.</param>
    /// <param name="note">What was done about it; not blank.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The escalation, and whether its schedule goes on; <see langword="null"/> when it has none.</returns>
    /// <exception cref="UserErrorException">There is no such escalation, it is resolved already, or the note is empty.</exception>
    Task<ResolvedEscalation> ResolveAsync(long id, string note, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Those whose memory entries are still to be written.</summary>
    Task<IReadOnlyList<Escalation>> OwedAsync(CancellationToken cancellationToken = default);

    /// <summary>Says that a memory entry is written.</summary>
    Task ClearOwedAsync(long id, bool recovery, CancellationToken cancellationToken = default);

    /// <summary>The open escalation of a step.</summary>
    /// <param name="step">A key of <see cref="StepKey"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<Escalation?> FindOpenAsync(string step, CancellationToken cancellationToken = default);
}
