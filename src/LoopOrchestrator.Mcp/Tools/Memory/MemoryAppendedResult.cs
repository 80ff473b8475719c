using LoopOrchestrator.Core.Memory;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>append_memory</c>.</summary>
internal sealed record MemoryAppendedResult(int Lines, int MaxLines, int ArchivedEntries, string? ArchiveFile, bool Duplicate, int Seen)
{
    public static MemoryAppendedResult From(MemoryAppendResult result) =>
        new(result.Lines, result.MaxLines, result.ArchivedEntries, result.ArchiveFile, result.IsDuplicate, result.Seen);
}
