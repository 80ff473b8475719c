namespace LoopOrchestrator.Core.Workflows.Definition;

/// <summary>What a failure of a stage does.</summary>
/// <param name="Action">What.</param>
/// <param name="ReworkTo">For <see cref="FailureAction.Rework"/>: the name of the stage to go back to, this one or an earlier one.</param>
/// <param name="MaxRetries">For <see cref="FailureAction.Retry"/>: how often, 1 to 10.</param>
public sealed record FailurePolicy(FailureAction Action, string? ReworkTo = null, int MaxRetries = 1);
