namespace LoopOrchestrator.Core.Alarms;

/// <summary>
/// What is told of an incident, as JSON with these members in snake_case. Members may be added; none changes its meaning.
/// </summary>
/// <param name="Event"><c>begun</c> or <c>recovered</c>.</param>
/// <param name="Kind">What kind of incident; see <see cref="IncidentNames"/>.</param>
/// <param name="DeliveryId">The same whenever the same is told again: by it a receiver knows what it has had.</param>
/// <param name="IncidentId">The number of the incident.</param>
/// <param name="Workspace">The workspace's folder.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="Reason">What was wrong the last time it was looked at.</param>
/// <param name="Since">When it began.</param>
/// <param name="LastAt">When it last repeated.</param>
/// <param name="Count">How often it happened until now.</param>
/// <param name="EndedAt">When it was over.</param>
internal sealed record IncidentNotice(
    string Event,
    string Kind,
    string DeliveryId,
    long IncidentId,
    string Workspace,
    string Subject,
    string Reason,
    DateTimeOffset Since,
    DateTimeOffset LastAt,
    long Count,
    DateTimeOffset? EndedAt
)
{
    /// <summary>The form of what is told.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What is told by a delivery.</summary>
    public static IncidentNotice Of(DueDelivery due, string workspace) =>
        new(
            due.Delivery.Event,
            due.Incident.Kind.Name(),
            due.Delivery.Id,
            due.Incident.Id,
            workspace,
            due.Incident.Subject,
            due.Incident.Reason,
            due.Incident.Since,
            due.Incident.LastAt,
            due.Incident.Count,
            due.Incident.EndedAt
        );
}
