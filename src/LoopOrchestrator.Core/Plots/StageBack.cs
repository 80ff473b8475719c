namespace LoopOrchestrator.Core.Plots;

/// <summary>A way back of a cycle.</summary>
/// <param name="From">The stage that failed, from 0.</param>
/// <param name="To">The stage that was begun anew: an earlier one, or the same.</param>
/// <param name="Count">How often.</param>
public sealed record StageBack(int From, int To, int Count);
