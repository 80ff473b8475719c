namespace LoopOrchestrator.Core.Alarms;

/// <summary>A delivery with the incident that it is about.</summary>
/// <param name="Delivery">The delivery.</param>
/// <param name="Incident">The incident.</param>
internal sealed record DueDelivery(Delivery Delivery, Incident Incident);
