namespace LoopOrchestrator.Core.Checkpoints.References;

/// <summary>A reference of ours and what its commit says.</summary>
/// <param name="Reference">The reference in full.</param>
/// <param name="Commit">The commit.</param>
/// <param name="Head">The commit that HEAD led to then.</param>
/// <param name="TakenAt">When.</param>
/// <param name="Tree">The tree of its files.</param>
internal sealed record CheckpointReference(string Reference, string Commit, string? Head, DateTimeOffset TakenAt, string Tree);
