using LoopOrchestrator.Core.Alarms;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>An incident that goes on.</summary>
internal sealed record IncidentResult(
    long IncidentId,
    string Kind,
    string Subject,
    string Reason,
    DateTimeOffset Since,
    DateTimeOffset LastAt,
    long Count
)
{
    public static IncidentResult From(Incident incident) =>
        new(incident.Id, incident.Kind.Name(), incident.Subject, incident.Reason, incident.Since, incident.LastAt, incident.Count);
}
