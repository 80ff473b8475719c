namespace LoopOrchestrator.Core.Memory;

/// <summary>What was found.</summary>
/// <param name="Hits">
/// The best first: by how much the words say (BM25); among equals the newer first, those without a time last, then the file before its
/// archive.
/// </param>
/// <param name="Matching">How many there are beyond the limit.</param>
/// <param name="IndexProblem">
/// Why the index could not be used and the files themselves were searched, which takes longer and finds the same; else
/// <see langword="null"/>.
/// </param>
public sealed record MemorySearchResult(IReadOnlyList<MemoryHit> Hits, int Matching, string? IndexProblem);
