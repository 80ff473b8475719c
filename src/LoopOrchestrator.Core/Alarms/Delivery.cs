namespace LoopOrchestrator.Core.Alarms;

/// <summary>What became of telling one target of one event of an incident.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="Event"><c>begun</c> or <c>recovered</c>.</param>
/// <param name="Target">Whom: <see cref="NoticeTarget.Key"/>.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="NextAt">When it is tried again; <see langword="null"/> when it is not.</param>
/// <param name="DeliveredAt">When it was taken.</param>
/// <param name="Error">Why the last try failed, or why it waits.</param>
internal sealed record Delivery(
    long IncidentId,
    string Event,
    string Target,
    int Tries,
    DateTimeOffset? NextAt,
    DateTimeOffset? DeliveredAt,
    string? Error
)
{
    /// <summary>By what a receiver knows one that it got twice.</summary>
    public string Id => $"{IncidentId}-{Event}";
}
