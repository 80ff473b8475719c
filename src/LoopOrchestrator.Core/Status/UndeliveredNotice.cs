using LoopOrchestrator.Core.Alarms;

namespace LoopOrchestrator.Core.Status;

/// <summary>A notice of an incident that was not taken.</summary>
/// <param name="IncidentId">The incident.</param>
/// <param name="Event"><c>begun</c> or <c>recovered</c>.</param>
/// <param name="Target">Whom it is for, in words.</param>
/// <param name="Tries">How often it was tried.</param>
/// <param name="NextAt">When it is tried again; <see langword="null"/> when it was given up.</param>
/// <param name="Error">Why it was not taken; <see langword="null"/> when it was not tried yet.</param>
public sealed record UndeliveredNotice(long IncidentId, string Event, string Target, int Tries, DateTimeOffset? NextAt, string? Error)
{
    /// <summary>Names whom a delivery is for.</summary>
    internal static UndeliveredNotice Of(Delivery delivery, IReadOnlyList<NoticeTarget> targets) =>
        new(
            delivery.IncidentId,
            delivery.Event,
            targets.First(target => target.Key == delivery.Target).Describe(),
            delivery.Tries,
            delivery.NextAt,
            delivery.Error
        );
}
