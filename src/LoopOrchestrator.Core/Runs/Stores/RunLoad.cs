namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>How much was asked for at one moment.</summary>
/// <param name="Queued">How many runs wait.</param>
/// <param name="OfHour">How many were asked for within the last hour, not counted further than the limit.</param>
/// <param name="Budget">Which limit of the day is reached, in words; <see langword="null"/> for none.</param>
internal sealed record RunLoad(long Queued, long OfHour, string? Budget);
