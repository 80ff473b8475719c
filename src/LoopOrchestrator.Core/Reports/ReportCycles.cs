using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Reports;

/// <summary>The cycles that were asked for in a period and have begun.</summary>
public sealed record ReportCycles
{
    /// <summary>How many.</summary>
    public long Count { get; init; }

    /// <summary>How many are in each state that one is in.</summary>
    public IReadOnlyDictionary<RunState, long> ByState { get; init; } = new Dictionary<RunState, long>();

    /// <summary>How often they went back to an earlier stage.</summary>
    public long Reworks { get; init; }

    /// <summary>Gates that passed, each in its last pass.</summary>
    public long GatesPassed { get; init; }

    /// <summary>Gates that did not.</summary>
    public long GatesFailed { get; init; }

    /// <summary>Files that their steps changed, counted for each cycle.</summary>
    public long Files { get; init; }

    /// <summary>Lines added.</summary>
    public long Added { get; init; }

    /// <summary>Lines removed.</summary>
    public long Removed { get; init; }

    /// <summary>Commits made.</summary>
    public long Commits { get; init; }

    /// <summary>The latest of them, the latest first.</summary>
    public IReadOnlyList<ReportCycle> Latest { get; init; } = [];
}
