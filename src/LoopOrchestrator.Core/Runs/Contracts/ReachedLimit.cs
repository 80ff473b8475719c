namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>A limit that a further run would pass.</summary>
/// <param name="Text">Which one, in words that stay the same as long as it holds.</param>
/// <param name="IsOfDay">Whether it is on what all runs of a day cost: its pause can be ended by a person.</param>
internal sealed record ReachedLimit(string Text, bool IsOfDay);
