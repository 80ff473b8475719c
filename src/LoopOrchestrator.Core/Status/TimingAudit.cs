using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Core.Status;

/// <summary>What in the time log passed a limit, and what could not be read.</summary>
/// <param name="Over">
/// Complete intervals over <see cref="TimingAuditReader.UsualLimit"/> or over the limit of their own run, the longest first.
/// </param>
/// <param name="OverCount">How many intervals are over <see cref="TimingAuditReader.UsualLimit"/>, beyond those listed.</param>
/// <param name="Open">Open intervals that have lasted longer than their limit by now, the oldest first.</param>
/// <param name="Summary">The counts, and rows that were not understood or read by a fall-back rule.</param>
public sealed record TimingAudit(
    IReadOnlyList<TimingAuditEntry> Over,
    int OverCount,
    IReadOnlyList<TimingAuditEntry> Open,
    TimingSummary Summary
);
