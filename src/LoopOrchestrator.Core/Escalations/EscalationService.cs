using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>What callers do with escalations: look at them, resolve them. Safe for many threads.</summary>
public sealed class EscalationService
{
    private readonly IEscalationStore _store;
    private readonly TimeProvider _time;
    private readonly Action _wake;

    internal EscalationService(IEscalationStore store, TimeProvider time, Action wake)
    {
        _store = store;
        _time = time;
        _wake = wake;
    }

    /// <summary>Lists escalations, newest first.</summary>
    /// <param name="all">Those that were resolved, too.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyList<Escalation>> ListAsync(bool all, int limit, CancellationToken cancellationToken = default) =>
        _store.ListAsync(all, limit, cancellationToken);

    /// <summary>
    /// Resolves an escalation: the count of failures begins anew, and the schedule goes on when nothing else has paused it.
    /// </summary>
    /// <param name="id">The escalation's number.</param>
    /// <param name="note">What was done about it; not blank.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">There is no such escalation, it is resolved already, or the note is empty.</exception>
    public async Task<ResolvedEscalation> ResolveAsync(long id, string note, CancellationToken cancellationToken = default)
    {
        var result = await _store.ResolveAsync(id, note, _time.GetUtcNow(), cancellationToken);
        _wake();
        return result;
    }
}
