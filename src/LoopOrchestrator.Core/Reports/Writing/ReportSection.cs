namespace LoopOrchestrator.Core.Reports.Writing;

/// <summary>A section of a report.</summary>
/// <param name="Heading">What it is about.</param>
/// <param name="Blocks">What it says.</param>
internal sealed record ReportSection(string Heading, IReadOnlyList<ReportBlock> Blocks);
