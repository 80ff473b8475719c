using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>An entry of the memory as tools show it.</summary>
internal sealed record MemoryEntryResult(
    string Section,
    DateTimeOffset? Timestamp,
    string? Mode,
    string? Category,
    string Text,
    string Place,
    bool Pinned,
    bool Archived,
    int Seen
)
{
    public static MemoryEntryResult From(MemoryEntry entry) =>
        new(
            MemoryTools.Name(entry.Section),
            entry.Timestamp,
            entry.Mode,
            entry.Category,
            entry.Text,
            $"{entry.File}:{entry.Line}",
            entry.Pinned,
            entry.Archived,
            entry.Seen
        );
}
