namespace LoopOrchestrator.Core.Plots;

/// <summary>A number with what it is called.</summary>
/// <param name="Label">What it is called; may be any text.</param>
/// <param name="Value">The number; one below nothing counts as nothing.</param>
public sealed record Bar(string Label, long Value);
