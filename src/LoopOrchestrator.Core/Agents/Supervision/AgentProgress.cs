using LoopOrchestrator.Core.Agents.Results;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>What a supervised program's events tell of how far it is; each part may be asked at any time.</summary>
/// <param name="IsOver">Whether it has given its result and should end.</param>
/// <param name="Spent">What it has cost so far, in US dollars and tokens.</param>
internal sealed record AgentProgress(Func<bool> IsOver, Func<(double? CostUsd, long? Tokens)> Spent)
{
    /// <summary>Whether an answer of a model was seen.</summary>
    public Func<bool> HasAnswered { get; init; } = static () => true;

    /// <summary>
    /// What its events say of the model's service, once they have said so twice in a row without any work in between;
    /// <see langword="null"/> otherwise.
    /// </summary>
    public Func<AgentVerdict?> ServiceFault { get; init; } = static () => null;
}
