namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>The answer of <c>compact_memory</c>.</summary>
internal sealed record MemoryCompactedResult(
    bool DryRun,
    int LinesBefore,
    int Lines,
    int BytesBefore,
    int Bytes,
    int MergedEntries,
    int FinishedMoves,
    int ArchivedEntries,
    string? ArchiveFile,
    bool HasHeadroom
);
