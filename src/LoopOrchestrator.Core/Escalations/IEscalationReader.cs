namespace LoopOrchestrator.Core.Escalations;

/// <summary>Reads the escalations of a workspace. Safe for many threads.</summary>
public interface IEscalationReader
{
    /// <summary>Lists escalations, newest first.</summary>
    /// <param name="all">Those that were resolved, too.</param>
    /// <param name="limit">At most this many.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Escalation>> ListAsync(bool all, int limit, CancellationToken cancellationToken = default);
}
