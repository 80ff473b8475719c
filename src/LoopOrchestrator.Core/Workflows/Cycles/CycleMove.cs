namespace LoopOrchestrator.Core.Workflows.Cycles;

/// <summary>What a cycle does next.</summary>
internal abstract record CycleMove
{
    /// <summary>Something goes on; its end is waited for.</summary>
    public sealed record Wait : CycleMove;

    /// <summary>Items of the current stage are begun, side by side.</summary>
    public sealed record Begin(CycleItemKind Kind, IReadOnlyList<int> Positions) : CycleMove;

    /// <summary>The next stage.</summary>
    public sealed record Advance(int Stage) : CycleMove;

    /// <summary>A stage is begun anew, because something failed.</summary>
    public sealed record GoBack(int Stage, bool IsRework, CycleFailure Failure) : CycleMove;

    /// <summary>The cycle is over.</summary>
    public sealed record End(CycleVerdict Verdict) : CycleMove;
}
