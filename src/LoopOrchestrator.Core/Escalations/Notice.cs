namespace LoopOrchestrator.Core.Escalations;

/// <summary>What became of telling one channel of an escalation.</summary>
/// <param name="EscalationId">The escalation.</param>
/// <param name="Channel"><c>command</c> or <c>webhook</c>.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="NextAt">When it is tried again; <see langword="null"/> when it is not.</param>
/// <param name="DeliveredAt">When it was taken.</param>
/// <param name="Error">Why the last try failed.</param>
public sealed record Notice(
    long EscalationId,
    string Channel,
    int Tries,
    DateTimeOffset? NextAt,
    DateTimeOffset? DeliveredAt,
    string? Error
);
