namespace LoopOrchestrator.Core.Reports;

/// <summary>What became of due moments.</summary>
/// <param name="Total">Of all schedules.</param>
/// <param name="Schedules">By schedule, in the order of their ids.</param>
public sealed record ReportLedger(ReportDue Total, IReadOnlyList<ReportDue> Schedules);
