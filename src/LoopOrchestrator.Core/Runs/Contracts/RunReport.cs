namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>What an agent says of its run at the end.</summary>
/// <param name="Outcome"><see cref="RunState.Succeeded"/>, <see cref="RunState.Failed"/> or <see cref="RunState.NeedsInput"/>.</param>
/// <param name="Summary">What was done and how it is known to be done.</param>
/// <param name="Findings">What others should know; each becomes a memory entry.</param>
/// <param name="FollowUps">Work seen but not done.</param>
/// <param name="Questions">What a person must answer; needed with <see cref="RunState.NeedsInput"/>.</param>
public sealed record RunReport(
    RunState Outcome,
    string Summary,
    IReadOnlyList<string> Findings,
    IReadOnlyList<string> FollowUps,
    IReadOnlyList<string> Questions
);
