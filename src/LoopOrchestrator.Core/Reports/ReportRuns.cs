using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Reports;

/// <summary>The runs that were asked for in a period, cycles and their steps included.</summary>
public sealed record ReportRuns
{
    /// <summary>How many.</summary>
    public long Count { get; init; }

    /// <summary>How many are in each state that one is in.</summary>
    public IReadOnlyDictionary<RunState, long> ByState { get; init; } = new Dictionary<RunState, long>();

    /// <summary>How many of those that succeeded have nothing but their state to show for it.</summary>
    public long WithoutEvidence { get; init; }

    /// <summary>By mode, that with the most runs first.</summary>
    public IReadOnlyList<ReportMode> Modes { get; init; } = [];

    /// <summary>US dollars in all, where agents say so.</summary>
    public decimal CostUsd { get; init; }

    /// <summary>Tokens in all, where agents say so.</summary>
    public long Tokens { get; init; }

    /// <summary>Of how many runs the cost or the tokens are known.</summary>
    public long Priced { get; init; }

    /// <summary>US dollars by the day on which the run was asked for, the earliest first; days without any are left out.</summary>
    public IReadOnlyList<ReportDayCost> CostByDay { get; init; } = [];

    /// <summary>Those that took longest from their start to their end, cycles left out; the longest first.</summary>
    public IReadOnlyList<ReportStep> Slowest { get; init; } = [];
}
