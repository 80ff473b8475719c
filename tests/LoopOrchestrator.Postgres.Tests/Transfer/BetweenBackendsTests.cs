using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Postgres.Tests.Servers;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Postgres.Tests.Transfer;

/// <summary>What is recorded goes from the embedded backend into PostgreSQL and back without a difference.</summary>
public sealed class BetweenBackendsTests : IDisposable
{
    private static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, 123, TimeSpan.Zero);

    private readonly TemporaryFolder _folder = new();
    private readonly TemporaryFolder _files = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _folder.Dispose();
        _files.Dispose();
    }

    [Fact]
    public async Task Export_OfWhatWasImported_HoldsTheSameRows()
    {
        using var embedded = new SqliteStorage(
            _folder.Paths,
            new RunFolderRebuild(_folder.Paths, TimeProvider.System),
            Redactor.OfProcess([]),
            TimeProvider.System
        );
        await RecordAsync(embedded);
        var (first, second) = (_files.File("first"), _files.File("second"));
        await embedded.Transfer.CopyAsync(first, Token);
        using var shared = new PostgresStorage(PostgresServer.Shared.Source, _folder.FullPath, Redactor.OfProcess([]));

        shared.Transfer.Prepare(first);
        await shared.Transfer.ReplaceAsync(first, Start.AddHours(1), Token);
        await shared.Transfer.ReplaceAsync(first, Start.AddHours(1), Token);
        await shared.Transfer.CopyAsync(second, Token);
        embedded.Transfer.Prepare(second);

        var expected = Rows(first);
        expected.Should().HaveCountGreaterThan(12);
        Rows(second).Should().Equal(expected);

        await embedded.Transfer.ReplaceAsync(second, Start.AddHours(1), Token);
        (await embedded.Runs.FindAsync("run-failed", Token))
            .Should()
            .BeEquivalentTo(await shared.Runs.FindAsync("run-failed", Token));
    }

    // Nothing that goes on: that is interrupted on the way, which the contract suite is about.
    private static async Task RecordAsync(IStorage storage)
    {
        await storage.Runs.AddAsync(Queued("run-waits"), "a test says so", Token);
        await storage.Runs.AddAsync(
            Queued("run-failed", "nightly"),
            "a test says so",
            RequestKey.Of("run_mode", "an-id")!,
            "a note",
            Token
        );
        await storage.Runs.TryStartAsync("run-failed", new RunStart(Start) { SecretHash = "a-hash" }, Token);
        await storage.Runs.EndAttemptAsync(
            "run-failed",
            new RunEnd(RunState.Failed, Start.AddMinutes(1), "it broke")
            {
                CostUsd = 0.25,
                ExitCode = 3,
                Failure = RunFailure.SignIn,
                AgentDigest = "digest",
            },
            new RunEndPolicy(new RunLimits { MaxAttempts = 1, FailuresToEscalate = 1 }, ["webhook"]),
            Token
        );
        await storage.Acknowledgements.AcknowledgeAsync("done *", Start, Start, Token);
        await storage.Incidents.ReconcileAsync(
            [new IncidentSign(IncidentKind.Escalation, "1", "it failed", 1)],
            [IncidentKind.Escalation],
            [],
            Start,
            Token
        );
    }

    private static List<string> Rows(string file)
    {
        var rows = new List<string>();
        using var opened = StateFile.OpenMoved(file, Start, Redactor.OfProcess([]));
        foreach (var table in StateFile.Tables)
        {
            opened.Read(table, values => rows.Add($"{table.Name}: {string.Join(" | ", values)}"));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private static Run Queued(string id, string? schedule = null) =>
        new()
        {
            Id = id,
            Mode = "code",
            Task = $"do {id}",
            Agent = "checks",
            AgentKind = AgentKind.Command,
            Priority = RunPriority.Normal,
            ScheduleId = schedule,
            State = RunState.Queued,
            TimeoutSeconds = 60,
            CreatedAt = Start,
        };
}
