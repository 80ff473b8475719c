using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
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

    /// <summary>Runs of one step that failed a moment ago, one after the other, each at its only attempt.</summary>
    public static async Task EndAsync(WorkspacePaths paths, int failures, CancellationToken cancellationToken)
    {
        using var storage = Open(paths);
        var now = TimeProvider.System.GetUtcNow();
        for (var number = 0; number < failures; number++)
        {
            var run = new Run
            {
                Id = RunId.Create(now, Random.Shared),
                Mode = "code",
                Task = "the same",
                Agent = AgentDefinition.HandoffName,
                AgentKind = AgentKind.Handoff,
                Priority = RunPriority.Normal,
                State = RunState.Queued,
                TimeoutSeconds = 60,
                CreatedAt = now,
            };
            await storage.Runs.AddAsync(run, "a test says so", cancellationToken);
            await storage.Runs.EndAttemptAsync(
                run.Id,
                new RunEnd(RunState.Failed, now, "it broke"),
                new RunEndPolicy(new RunLimits { MaxAttempts = 1 }, []),
                cancellationToken
            );
        }
    }

    /// <summary>Hand-offs that wait, and a tenth of them failed a moment ago, with this text wherever a run has one.</summary>
    /// <returns>Their ids; first the one that failed first.</returns>
    public static async Task<IReadOnlyList<string>> AddRunsAsync(
        WorkspacePaths paths,
        int count,
        string text,
        CancellationToken cancellationToken
    )
    {
        using var storage = Open(paths);
        var now = TimeProvider.System.GetUtcNow();
        var ids = new List<string>();
        for (var number = 0; number < count; number++)
        {
            var run = new Run
            {
                Id = RunId.Create(now, Random.Shared),
                Mode = "code",
                Task = $"{number} {text}",
                Agent = AgentDefinition.HandoffName,
                AgentKind = AgentKind.Handoff,
                Priority = RunPriority.Normal,
                State = RunState.Queued,
                TimeoutSeconds = 60,
                CreatedAt = now,
            };
            ids.Add(run.Id);
            await storage.Runs.AddAsync(run, text, cancellationToken);
            if (number % 10 == 0)
            {
                await storage.Runs.EndAttemptAsync(
                    run.Id,
                    new RunEnd(RunState.Failed, now, text),
                    new RunEndPolicy(new RunLimits { MaxAttempts = 1 }, []),
                    cancellationToken
                );
            }
        }

        return ids;
    }

    private static SqliteStorage Open(WorkspacePaths paths) =>
        new(paths, new RunFolderRebuild(paths, TimeProvider.System), Redactor.OfProcess([]), TimeProvider.System);
}
