using System.ComponentModel;
using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>An entry of the memory as tools show it.</summary>
internal sealed record MemoryEntryResult(
    string Section,
    DateTimeOffset? Timestamp,
    string? Mode,
    string? Category,
    string Text,
    [property: Description("Where it stands, as file:line.")] string Place,
    bool Pinned,
    [property: Description("It stands in the archive.")] bool Archived,
    [property: Description("How often it was given.")] int Seen)
{
    public static MemoryEntryResult From(MemoryEntry entry) => new(
        MemoryTools.Name(entry.Section),
        entry.Timestamp,
        entry.Mode,
        entry.Category,
        entry.Text,
        $"{entry.File}:{entry.Line}",
        entry.Pinned,
        entry.Archived,
        entry.Seen);
}
