namespace LoopOrchestrator.Core.Reports;

/// <summary>What the runs of a day cost.</summary>
/// <param name="Day">The day.</param>
/// <param name="CostUsd">US dollars.</param>
public sealed record ReportDayCost(DateOnly Day, decimal CostUsd);
