namespace LoopOrchestrator.Core.Storage;

/// <summary>How much is recorded.</summary>
/// <param name="Runs">The runs, in any state.</param>
/// <param name="Going">Those that are going on.</param>
/// <param name="Occurrences">The due moments of the ledger.</param>
public sealed record TransferredState(long Runs, long Going, long Occurrences);
