using System.ComponentModel;
using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>An entry of the memory as tools show it.</summary>
internal sealed record MemoryEntryResult(
    [property: Description("patterns, commands or updates.")] string Section,
    [property: Description("When it was written (UTC), where it says so.")] DateTimeOffset? Timestamp,
    [property: Description("The mode that wrote it, where it says so.")] string? Mode,
    [property: Description("Its category, where it says so.")] string? Category,
    [property: Description("The text.")] string Text,
    [property: Description("Where it stands, as file:line.")] string Place,
    [property: Description("It never leaves the memory for the archive.")] bool Pinned,
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
