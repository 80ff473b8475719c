namespace LoopOrchestrator.Core.Agents;

/// <summary>What the brief of a cycle's step holds beside that of any other run. Each list in the order in which it is read.</summary>
/// <param name="Place">Which step of which cycle it is, and what the cycle is for.</param>
/// <param name="Failure">What failed, why, and what it printed, where the cycle has gone back.</param>
/// <param name="Acceptance">How one sees that the work is done, from the plan.</param>
/// <param name="Earlier">What the steps and gates before it came to.</param>
internal sealed record StepContext(
    IReadOnlyList<string> Place,
    IReadOnlyList<string> Failure,
    IReadOnlyList<string> Acceptance,
    IReadOnlyList<string> Earlier
);
