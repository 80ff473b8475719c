using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Tools.Status;

/// <summary>A notice of an incident that was not taken; without next_at it was given up.</summary>
internal sealed record UndeliveredResult(long IncidentId, string Event, string Target, int Tries, DateTimeOffset? NextAt, string? Error)
{
    public static UndeliveredResult From(UndeliveredNotice notice) =>
        new(notice.IncidentId, notice.Event, notice.Target, notice.Tries, notice.NextAt, notice.Error);
}
