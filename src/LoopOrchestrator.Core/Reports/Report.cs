using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Timing.Reports;

namespace LoopOrchestrator.Core.Reports;

/// <summary>
/// What happened in a workspace in a period: what was due and what became of it, the runs and cycles that were asked for in it, what they
/// have to show, where the time went and what it cost.
/// </summary>
public sealed record Report
{
    /// <summary>The name of the workspace's folder.</summary>
    public required string Workspace { get; init; }

    /// <summary>The period.</summary>
    public required ReportPeriod Period { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>What became of the due moments.</summary>
    public required ReportLedger Ledger { get; init; }

    /// <summary>The same by days; the moments of all schedules together.</summary>
    public required IReadOnlyList<SlotDay> Days { get; init; }

    /// <summary>The runs.</summary>
    public required ReportRuns Runs { get; init; }

    /// <summary>The cycles.</summary>
    public required ReportCycles Cycles { get; init; }

    /// <summary>Where the time went, by the time log.</summary>
    public required TimingReport Time { get; init; }

    /// <summary>The steps that were stopped in the period because they failed again and again, the latest first.</summary>
    public required IReadOnlyList<Escalation> Escalations { get; init; }
}
