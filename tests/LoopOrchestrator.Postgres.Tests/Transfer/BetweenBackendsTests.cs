using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
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

    [Theory]
    [InlineData("UPDATE runs SET created_at = 9000000000000000000", "a moment in it is beyond all calendars")]
    [InlineData("UPDATE attempts SET started_at = -9000000000000000000", "beyond all calendars")]
    public async Task Import_OfAValueThatThereIsNoPlaceFor_IsRefusedAndChangesNothing(string damage, string told)
    {
        using var shared = new PostgresStorage(PostgresServer.Shared.Source, _folder.FullPath, Redactor.OfProcess([]));
        await RecordAsync(shared);
        var file = _files.File("damaged");
        await shared.Transfer.CopyAsync(file, Token);
        using (var connection = DatabaseCopy.OpenFile(file, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            connection.Execute(damage);
        }

        shared.Transfer.Prepare(file);
        await FluentActions
            .Awaiting(() => shared.Transfer.ReplaceAsync(file, Start, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage($"The exported state cannot be used*{told}*Nothing was changed*");

        (await shared.Runs.FindAsync("run-failed", Token))!.CreatedAt.Should().Be(Start);
        (await shared.Transfer.CountAsync(Token)).Runs.Should().Be(2);
    }

    [Fact]
    public async Task Export_IntoAFileThatIsThere_LeavesItAsItIs()
    {
        using var shared = new PostgresStorage(PostgresServer.Shared.Source, _folder.FullPath, Redactor.OfProcess([]));
        var file = _files.File("there");
        await File.WriteAllTextAsync(file, "something else", Token);

        await FluentActions
            .Awaiting(() => shared.Transfer.CopyAsync(file, Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("*is there already*");

        (await File.ReadAllTextAsync(file, Token)).Should().Be("something else");
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
