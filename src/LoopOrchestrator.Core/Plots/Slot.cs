namespace LoopOrchestrator.Core.Plots;

/// <summary>Moments of a day that share what became of them.</summary>
/// <param name="At">The first of them.</param>
/// <param name="State">What became of them.</param>
/// <param name="Count">How many; one at least.</param>
public sealed record Slot(TimeOnly At, SlotState State, long Count = 1);
