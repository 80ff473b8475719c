using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Acknowledgements;

/// <summary>What a person has seen of what ended: told once, on every surface and for all who look. Safe for many threads.</summary>
public sealed class AcknowledgementService
{
    private readonly IAcknowledgementStore _store;
    private readonly IRunStore _runs;
    private readonly TimeProvider _time;
    private readonly Action _wake;

    internal AcknowledgementService(IAcknowledgementStore store, IRunStore runs, TimeProvider time, Action wake) =>
        (_store, _runs, _time, _wake) = (store, runs, time, wake);

    /// <summary>Records that a subject has been seen up to a moment, and never further than now.</summary>
    /// <exception cref="UserErrorException">
    /// The subject is none, or nothing of it has ever been asked for: so there are never more of them than schedules and runs.
    /// </exception>
    public async Task AcknowledgeAsync(string subject, DateTimeOffset until, CancellationToken cancellationToken = default)
    {
        if (!AcknowledgementSubject.IsWellFormed(subject) || !await IsThereAsync(subject, cancellationToken))
        {
            throw new UserErrorException("Nothing was recorded: that is nothing that can be seen.");
        }

        var now = _time.GetUtcNow();
        await _store.AcknowledgeAsync(subject, until < now ? until : now, now, cancellationToken);
        _wake();
    }

    private async Task<bool> IsThereAsync(string subject, CancellationToken cancellationToken) =>
        subject == AcknowledgementSubject.AllDone
        || (
            AcknowledgementSubject.RunOf(subject) is { } run
                ? await _runs.FindAsync(run, cancellationToken) is not null
                : AcknowledgementSubject.ScheduleOf(subject) is { } schedule
                    && (await _runs.ListAsync(new RunFilter { ScheduleId = schedule, Limit = 1 }, cancellationToken)).Count > 0
        );
}
