namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>Who has paused a schedule.</summary>
/// <param name="By">What kind of cause it is.</param>
internal sealed record PauseCause(PausedBy By)
{
    /// <summary>A person, or an agent that was told to.</summary>
    public static PauseCause Person { get; } = new(PausedBy.Person);

    /// <summary>The escalation, for a pause that ends when that is resolved.</summary>
    public long? EscalationId { get; private init; }

    /// <summary>When the pause ends by itself; <see langword="null"/> for one that lasts until somebody ends it.</summary>
    public DateTimeOffset? Until { get; private init; }

    /// <summary>A limit of the budget, until its day is over.</summary>
    public static PauseCause Budget(DateTimeOffset until) => new(PausedBy.Budget) { Until = until };

    /// <summary>A step that failed again and again.</summary>
    public static PauseCause Escalation(long id) => new(PausedBy.Escalation) { EscalationId = id };
}
