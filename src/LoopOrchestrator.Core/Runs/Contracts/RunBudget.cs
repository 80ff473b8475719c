using System.Globalization;

namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>
/// What runs may cost, from <c>budget</c> in <c>mcp_startup.json</c>. A limit that is not given does not hold. Days are UTC.
/// </summary>
public sealed record RunBudget
{
    /// <summary>
    /// US dollars for one attempt of a run (<c>costPerRunUsd</c>); it is ended when its agent tells of more while it works.
    /// </summary>
    public double? CostPerRunUsd { get; init; }

    /// <summary>Tokens for one attempt of a run (<c>tokensPerRun</c>); as above.</summary>
    public long? TokensPerRun { get; init; }

    /// <summary>
    /// US dollars for all runs of one schedule in a day (<c>costPerSchedulePerDayUsd</c>); the schedule pauses for the rest of it.
    /// </summary>
    public double? CostPerSchedulePerDayUsd { get; init; }

    /// <summary>
    /// US dollars for all runs in a day (<c>costPerDayUsd</c>); all schedules pause for the rest of it, and no other run is accepted.
    /// </summary>
    public double? CostPerDayUsd { get; init; }

    /// <summary>Tokens for all runs in a day (<c>tokensPerDay</c>); as above.</summary>
    public long? TokensPerDay { get; init; }

    /// <summary>What of one attempt's limits its agent has passed, in words; <see langword="null"/> for nothing.</summary>
    public static string? FindOverrun(double? costUsd, double? costLimitUsd, long? tokens, long? tokenLimit) =>
        costUsd > costLimitUsd
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"it cost {costUsd:0.##} USD and may cost {costLimitUsd:0.##} (budget.costPerRunUsd)"
            )
        : tokens > tokenLimit
            ? string.Create(CultureInfo.InvariantCulture, $"it took {tokens} tokens and may take {tokenLimit} (budget.tokensPerRun)")
        : null;
}
