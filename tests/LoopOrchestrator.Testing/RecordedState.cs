using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Storage.Sqlite;

namespace LoopOrchestrator.Testing;

/// <summary>What is recorded of a workspace, read and changed beside the server that works on it.</summary>
public static class RecordedState
{
    private const int MaxRows = 1000;

    /// <summary>The ledger's rows of a schedule, or of all.</summary>
    public static async Task<IReadOnlyList<Occurrence>> HistoryAsync(
        WorkspacePaths paths,
        string? scheduleId,
        CancellationToken cancellationToken
    )
    {
        using var storage = Open(paths);
        return await storage.Ledger.HistoryAsync(scheduleId, MaxRows, cancellationToken);
    }

    /// <summary>Pauses a schedule.</summary>
    public static async Task PauseAsync(WorkspacePaths paths, string scheduleId, CancellationToken cancellationToken)
    {
        using var storage = Open(paths);
        await storage.Pauses.PauseAsync(scheduleId, "a test says so", TimeProvider.System.GetUtcNow(), cancellationToken);
    }

    private static SqliteStorage Open(WorkspacePaths paths) =>
        new(paths, new RunFolderRebuild(paths, TimeProvider.System), Redactor.OfProcess([]), TimeProvider.System);
}
