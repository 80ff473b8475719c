using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>search_memory</c>.</summary>
internal sealed record MemoryHitListResult(IReadOnlyList<MemoryHitResult> Hits, int Matching, string? Note)
{
    public static MemoryHitListResult From(MemorySearchResult result) =>
        new(
            result.Hits.Select(MemoryHitResult.From).ToList(),
            result.Matching,
            result.IndexProblem is null ? null : $"The files themselves were searched. {result.IndexProblem}"
        );
}
