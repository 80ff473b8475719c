namespace LoopOrchestrator.Core.Status;

/// <summary>A schedule that nothing has fired although it was due.</summary>
/// <param name="Id">The schedule.</param>
/// <param name="Since">Its first due moment without an outcome.</param>
public sealed record OverdueSchedule(string Id, DateTimeOffset Since);
