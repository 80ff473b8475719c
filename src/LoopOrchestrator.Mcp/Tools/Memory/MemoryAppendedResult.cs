using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>append_memory</c>.</summary>
internal sealed record MemoryAppendedResult(
    int Lines,
    int MaxLines,
    [property: Description("How many old entries were moved to the archive to stay within the limit.")] int ArchivedEntries,
    string? ArchiveFile,
    [property: Description("The same text was there already; it was counted there and not written again.")] bool Duplicate,
    [property: Description("How often this text was given so far.")] int Seen);
