using LoopOrchestrator.Core.Status;

namespace LoopOrchestrator.Mcp.Tools.Timing;

/// <summary>What <c>timing audit --json</c> shows.</summary>
internal sealed record TimingAuditResult(
    IReadOnlyList<TimingAuditEntry> Over,
    int OverCount,
    IReadOnlyList<TimingAuditEntry> Open,
    int OpenCount,
    TimingCountsResult Lines,
    IReadOnlyList<string> Findings
)
{
    public static TimingAuditResult From(TimingAudit audit) =>
        new(
            audit.Over,
            audit.OverCount,
            audit.Open,
            audit.Summary.Report.OpenCount,
            TimingCountsResult.From(audit.Summary),
            audit.Summary.Diagnostics.Select(static diagnostic => diagnostic.ToString()).ToList()
        );
}
