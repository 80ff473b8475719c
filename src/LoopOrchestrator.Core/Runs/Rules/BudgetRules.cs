using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Rules;

/// <summary>Which limit of the day is reached by what runs have cost, in words. Pure.</summary>
internal static class BudgetRules
{
    /// <summary>The begin of the reason of every pause that a budget brought, and of every refusal that a limit brought.</summary>
    public const string Prefix = "budget: ";

    /// <summary>Whether all runs together have a limit of the day at all.</summary>
    public static bool LimitsAll(RunBudget budget) => budget is not { CostPerDayUsd: null, TokensPerDay: null };

    /// <summary>Which limit on all runs of a day is reached; <see langword="null"/> for none.</summary>
    public static string? ReachedByAll(RunBudget budget, double costUsd, long tokens) =>
        costUsd >= budget.CostPerDayUsd
            ? $"{Prefix}all runs of the day cost {costUsd:0.##} USD (budget.costPerDayUsd {budget.CostPerDayUsd:0.##})"
        : tokens >= budget.TokensPerDay ? $"{Prefix}all runs of the day took {tokens} tokens (budget.tokensPerDay {budget.TokensPerDay})"
        : null;

    /// <summary>The limit on the runs of one schedule in a day, when it is reached; <see langword="null"/> when not.</summary>
    public static string? ReachedBySchedule(RunBudget budget, double costUsd) =>
        costUsd >= budget.CostPerSchedulePerDayUsd
            ? $"{Prefix}its runs of the day cost {costUsd:0.##} USD "
                + $"(budget.costPerSchedulePerDayUsd {budget.CostPerSchedulePerDayUsd:0.##})"
            : null;
}
