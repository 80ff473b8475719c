using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Acknowledgements;

/// <summary>What a person has seen of what ended: told once, on every surface and for all who look. Safe for many threads.</summary>
public sealed class AcknowledgementService
{
    private readonly IAcknowledgementStore _store;
    private readonly TimeProvider _time;
    private readonly Action _wake;

    internal AcknowledgementService(IAcknowledgementStore store, TimeProvider time, Action wake) =>
        (_store, _time, _wake) = (store, time, wake);

    /// <summary>Records that a subject has been seen up to a moment, and never further than now.</summary>
    /// <exception cref="UserErrorException">The subject is none.</exception>
    public async Task AcknowledgeAsync(string subject, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        if (!AcknowledgementSubject.IsWellFormed(subject))
        {
            throw new UserErrorException("Nothing was recorded: that is nothing that can be seen.");
        }

        var now = _time.GetUtcNow();
        await _store.AcknowledgeAsync(subject, until < now ? until : now, now, cancellationToken);
        _wake();
    }
}
