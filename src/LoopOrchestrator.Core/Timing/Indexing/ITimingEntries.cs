namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>An index that is being brought forward.</summary>
internal interface ITimingEntries : ITimingTables
{
    /// <summary>Empties the index.</summary>
    void Clear();

    /// <summary>Enters what lines add, and the checkpoint that they lead to.</summary>
    void Write(TimingCheckpoint from, TimingCheckpoint to, TimingDelta delta);
}
