using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>A found entry of the memory as tools show it.</summary>
internal sealed record MemoryHitResult(
    string Section,
    DateTimeOffset? Timestamp,
    string? Mode,
    string? Category,
    string Snippet,
    string Place,
    bool Pinned,
    bool Archived,
    int Seen
)
{
    public static MemoryHitResult From(MemoryHit hit) =>
        new(
            MemoryTools.Name(hit.Section),
            hit.Timestamp,
            hit.Mode,
            hit.Category,
            hit.Snippet,
            $"{hit.File}:{hit.Line}",
            hit.Pinned,
            hit.Archived,
            hit.Seen
        );
}
