namespace LoopOrchestrator.Benchmarks.Workspaces;

/// <summary>One occurrence as the ledger has it.</summary>
/// <param name="Due">When it was due.</param>
/// <param name="Last">The last moment that the row stands for.</param>
/// <param name="Outcome">What became of it; <see langword="null"/> while it waits.</param>
/// <param name="Decided">When that was decided.</param>
/// <param name="RunId">Its run, if it got one.</param>
/// <param name="Started">When the run was taken.</param>
/// <param name="Ended">When the run ended.</param>
internal sealed record LedgerOccurrence(
    DateTimeOffset Due,
    DateTimeOffset Last,
    string? Outcome,
    DateTimeOffset? Decided,
    string? RunId,
    DateTimeOffset? Started,
    DateTimeOffset? Ended
);
