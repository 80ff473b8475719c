using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Memory;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Memory;

/// <summary>Tidying the memory: seldom needed, because appending keeps it within its limits anyway.</summary>
[McpServerToolType]
internal sealed class MemoryMaintenanceTools(Workspace workspace)
{
    [McpServerTool(
        Name = "compact_memory",
        Title = "Tidy the memory",
        ReadOnly = false,
        Destructive = false,
        Idempotent = true,
        OpenWorld = false,
        UseStructuredContent = true
    )]
    [Description(
        "Tidies persistent-memory.md: counts repeated entries in one, and moves the oldest that are not pinned into the "
            + "archive until there is headroom. Loses nothing."
    )]
    public async Task<MemoryCompactedResult> CompactMemoryAsync(
        [Description("The part of the limits to be free."), Range(0, MemoryStore.MaxHeadroomPercent)]
            int headroom_percent = MemoryStore.DefaultHeadroomPercent,
        [Description("Only say what would be done.")] bool dry_run = false,
        CancellationToken cancellationToken = default
    )
    {
        var result = await workspace.Memory.CompactAsync(headroom_percent, dry_run, cancellationToken);
        return new MemoryCompactedResult(
            dry_run,
            result.LinesBefore,
            result.Lines,
            result.BytesBefore,
            result.Bytes,
            result.MergedEntries,
            result.FinishedMoves,
            result.ArchivedEntries,
            result.ArchiveFile,
            result.HasHeadroom
        );
    }
}
