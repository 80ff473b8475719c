namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>append_memory</c>.</summary>
internal sealed record MemoryAppendedResult(int Lines, int MaxLines, int ArchivedEntries, string? ArchiveFile, bool Duplicate, int Seen);
