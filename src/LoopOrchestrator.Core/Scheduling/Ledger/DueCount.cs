namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>How many due moments the ledger has of a period; what was triggered by hand is none.</summary>
/// <param name="Due">All of them.</param>
/// <param name="Waiting">Those of them that have no outcome yet.</param>
public sealed record DueCount(long Due, long Waiting);
