namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>How the files are at a moment, among git's objects but not kept from its clean-up yet.</summary>
/// <param name="Tree">The tree of the files' content.</param>
/// <param name="Notes">What goes with it.</param>
internal sealed record Snapshot(string Tree, CheckpointNotes Notes)
{
    /// <summary>How many bytes its files had when it was taken; not known of one that was read.</summary>
    public long Bytes { get; init; }
}
