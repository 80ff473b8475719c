namespace LoopOrchestrator.Core.Plots;

/// <summary>The moments of a day.</summary>
/// <param name="Day">The day.</param>
/// <param name="Slots">Its moments, in any order.</param>
public sealed record SlotDay(DateOnly Day, IReadOnlyList<Slot> Slots);
