using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Status;

/// <summary>What the agents' runs have cost on a day (UTC, as budgets count), where their agents say so.</summary>
/// <param name="CostUsd">US dollars.</param>
/// <param name="Tokens">Tokens.</param>
/// <param name="Budget">What they may cost.</param>
public sealed record DaySpend(double CostUsd, long Tokens, RunBudget Budget)
{
    /// <summary>Whether there is anything to tell: nobody says what nothing costs.</summary>
    public bool IsKnown => CostUsd > 0 || Tokens > 0 || Budget.CostPerDayUsd is not null || Budget.TokensPerDay is not null;
}
