namespace LoopOrchestrator.Core.Timing.Reports;

/// <summary>The sum over complete intervals that have something in common.</summary>
/// <param name="Key">What they have in common; for days <c>yyyy-MM-dd</c> in UTC by their start. Empty where rows leave it empty.</param>
/// <param name="Count">How many intervals.</param>
/// <param name="Seconds">Their time in whole seconds.</param>
public sealed record TimingTotal(string Key, int Count, long Seconds);
