namespace LoopOrchestrator.Core.Plots;

/// <summary>What was used of a limit.</summary>
/// <param name="Label">What is used.</param>
/// <param name="Used">How much of it; below nothing counts as nothing.</param>
/// <param name="Limit">How much may be used; <see langword="null"/> where nothing limits it.</param>
/// <param name="Unit">What stands behind the numbers, such as <c>USD</c>.</param>
public sealed record SpendBar(string Label, decimal Used, decimal? Limit, string Unit);
