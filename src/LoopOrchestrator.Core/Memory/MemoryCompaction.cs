namespace LoopOrchestrator.Core.Memory;

/// <summary>What compacting the memory did, or would do.</summary>
/// <param name="LinesBefore">How many lines the file had.</param>
/// <param name="Lines">How many it has now.</param>
/// <param name="BytesBefore">How many bytes it had.</param>
/// <param name="Bytes">How many it has now.</param>
/// <param name="MergedEntries">How many entries said what another one says, and are counted there now.</param>
/// <param name="FinishedMoves">How many stood in the archive already, and stand only there now.</param>
/// <param name="ArchivedEntries">How many were moved into the archive to make room.</param>
/// <param name="ArchiveFile">Where these went, relative to the workspace; <see langword="null"/> when none was moved.</param>
/// <param name="HasHeadroom">
/// The file has the headroom asked for. It has not when too much of it is pinned, or stands outside of entries; then no more is moved than
/// the limits ask for.
/// </param>
public sealed record MemoryCompaction(
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
