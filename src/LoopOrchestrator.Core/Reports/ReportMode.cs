namespace LoopOrchestrator.Core.Reports;

/// <summary>The runs of a mode.</summary>
/// <param name="Mode">The mode; the workflow of cycles.</param>
/// <param name="Count">How many.</param>
/// <param name="Succeeded">How many of them ended well.</param>
/// <param name="Failed">How many of them ended badly.</param>
/// <param name="CostUsd">US dollars, where agents say so.</param>
public sealed record ReportMode(string Mode, long Count, long Succeeded, long Failed, decimal CostUsd);
