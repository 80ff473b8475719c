using System.ComponentModel;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>append_memory</c>.</summary>
internal sealed record MemoryAppendedResult(
    [property: Description("How many lines the memory has now.")] int Lines,
    [property: Description("How many it may have.")] int MaxLines,
    [property: Description("How many old entries were moved to the archive to stay within the limit.")] int ArchivedEntries,
    [property: Description("The archive file that they are in, relative to the workspace.")] string? ArchiveFile,
    [property: Description("The same text was there already; it was counted there and not written again.")] bool Duplicate,
    [property: Description("How often this text was given so far.")] int Seen);
