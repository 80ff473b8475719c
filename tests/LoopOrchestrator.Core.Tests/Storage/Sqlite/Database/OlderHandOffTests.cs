using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>
/// Runs that version 0.1.0 (schema 6) had begun when its program was replaced: they go on to their end by that version's rules.
/// </summary>
public sealed class OlderHandOffTests : IDisposable
{
    private const string TakenByRunMode = "run-20260302-000000-00000001";
    private const string Claimed = "run-20260302-000000-00000002";
    private const string OfAProgram = "run-20260302-000000-00000003";

    private static readonly RunReport Done = new(RunState.Succeeded, "done", [], [], []);

    private readonly TestWorkspace _test = new(new RunLimits { LeaseSeconds = 300 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public OlderHandOffTests() => WriteOlderDatabase();

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task HandOffOfRunMode_IsReportedByAnybody_AndNeverExpiresBeforeItsTime()
    {
        for (var i = 0; i < 30; i++)
        {
            await _test.PassAfterAsync(TimeSpan.FromSeconds(30));
        }

        (await GetAsync(TakenByRunMode)).State.Should().Be(RunState.Running);
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .ContainSingle(line => line.Contains(TakenByRunMode, StringComparison.Ordinal))
            .Which.Should()
            .Contain("handed out by an earlier version");
        (await _test.Workspace.Runs.CompleteAsync(TakenByRunMode, Done, RunCaller.OfSession("any"), cancellationToken: Token))
            .State.Should()
            .Be(RunState.Succeeded);
    }

    [Fact]
    public async Task HandOffOfRunMode_ThatNobodyReports_EndsAtItsTimeLimit()
    {
        await _test.PassAfterAsync(TimeSpan.FromHours(2));

        (await GetAsync(TakenByRunMode)).State.Should().Be(RunState.TimedOut);
    }

    [Fact]
    public async Task Claim_IsKeptByAnyCallThatNamesIt_AndReportedWithItsToken()
    {
        for (var i = 0; i < 20; i++)
        {
            await _test.PassAfterAsync(TimeSpan.FromSeconds(30));
            (await _test.Workspace.Runs.BeatAsync(Claimed, cancellationToken: Token)).Should().BeTrue();
        }

        (await GetAsync(Claimed)).State.Should().Be(RunState.Running);
        var guess = () => _test.Workspace.Runs.CompleteAsync(Claimed, Done, leaseToken: "guessed", cancellationToken: Token);
        await guess.Should().ThrowAsync<UserErrorException>().WithMessage("*lease*");
        (await _test.Workspace.Runs.CompleteAsync(Claimed, Done, leaseToken: "0123456789abcdef", cancellationToken: Token))
            .State.Should()
            .Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Claim_ThatIsSilent_WaitsAgain()
    {
        for (var i = 0; i < 12; i++)
        {
            await _test.PassAfterAsync(TimeSpan.FromSeconds(30));
        }

        (await GetAsync(Claimed)).State.Should().Be(RunState.Queued);
    }

    [Fact]
    public async Task Program_IsReportedByTheServerThatHasItsId_AndByNobodyElse()
    {
        var bystander = () => _test.Workspace.Runs.CompleteAsync(OfAProgram, Done, RunCaller.OfSession("any"), cancellationToken: Token);
        (await bystander.Should().ThrowAsync<UserErrorException>()).WithMessage("*only that program*");

        (await _test.Workspace.Runs.CompleteAsync(OfAProgram, Done, new RunCaller { RunId = OfAProgram }, cancellationToken: Token))
            .ReportedOutcome.Should()
            .Be(RunState.Succeeded);
    }

    private Task<Run> GetAsync(string id) => _test.Workspace.Runs.GetAsync(id, Token);

    private void WriteOlderDatabase()
    {
        Directory.CreateDirectory(_test.Paths.State);
        using var connection = new SqliteConnection($"Data Source={_test.Paths.Database};Pooling=False");
        connection.Open();
        SchemaMigrations.Apply(connection, 6);
        Insert(TakenByRunMode, "handoff", token: null);
        Insert(Claimed, "handoff", "0123456789abcdef");
        Insert(OfAProgram, "cli", token: null);

        void Insert(string id, string kind, string? token)
        {
            var folder = Directory.CreateDirectory(_test.Paths.Run(id)).FullName;
            File.WriteAllText(Path.Combine(folder, "brief.md"), "the work");
            connection.Execute(
                """
                INSERT INTO runs (id, mode, task, agent, agent_kind, priority, depth, state, attempt, timeout_seconds, created_at,
                  started_at, attempt_started_at, deadline_at, lease_token)
                VALUES (@id, 'code', 'the work', @kind, @kind, 'normal', 0, 'running', 1, 3600, @now, @now, @now, @end, @token)
                """,
                ("@id", id),
                ("@kind", kind),
                ("@now", _test.Now),
                ("@end", _test.Now.AddHours(1)),
                ("@token", token)
            );
            connection.Execute(
                "INSERT INTO attempts (run_id, number, started_at, lease_token) VALUES (@id, 1, @now, @token)",
                ("@id", id),
                ("@now", _test.Now),
                ("@token", token)
            );
        }
    }
}
