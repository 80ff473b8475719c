using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>Runs on a disk that takes some writes and refuses others.</summary>
public sealed class RunFullDiskTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("handoff")]
    public async Task Request_DecisionCannotBeWritten_ThereIsNoRun(string? agent)
    {
        await RequestAsync(null);
        Refuse("INSERT ON decisions");

        await FluentActions.Awaiting(() => RequestAsync(agent)).Should().ThrowAsync<UserErrorException>().WithMessage("*no room*");

        (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().ContainSingle("the refused call left none");
    }

    [Fact]
    public async Task Request_HandOffStartRowCannotBeWritten_WaitsInTheQueue()
    {
        Directory.CreateDirectory(_test.Paths.Timing);
        var answer = await RequestAsync("handoff");
        answer.State.Should().Be(RunState.Queued);
        answer.Reason.Should().Contain("could not be recorded");
        _test.Workspace.Runs.Brief(answer).Should().BeNull();
        (await GetAsync(answer)).Should().Match<Run>(run => run.State == RunState.Queued && run.StartedAt == null);

        Directory.Delete(_test.Paths.Timing);
        (await _test.Workspace.Runs.ClaimAsync(answer.Id, null, Token))!.State.Should().Be(RunState.Running);
        _test.Workspace.Runs.Brief(answer).Should().NotBeNull();
    }

    [Fact]
    public async Task Sweep_HandOffWithoutStartRow_IsQueuedAgainAlsoAfterARestart()
    {
        await RequestAsync("handoff");
        File.Move(_test.Paths.Timing, _test.Paths.Timing + ".away");
        Directory.CreateDirectory(_test.Paths.Timing);
        Refuse("UPDATE ON runs WHEN NEW.state = 'queued'");
        var run = await RequestAsync("handoff");
        run.State.Should().Be(RunState.Queued, "nobody works on it");
        (await GetAsync(run)).State.Should().Be(RunState.Running, "the database could not be written");

        Directory.Delete(_test.Paths.Timing);
        File.Move(_test.Paths.Timing + ".away", _test.Paths.Timing);
        Execute("DROP TRIGGER full");
        _test.Restart();
        await _test.PassAfterAsync(SupervisorWatch.StartPatience);

        (await GetAsync(run)).Should().Match<Run>(waits => waits.State == RunState.Queued && waits.Attempt == 0);
        (await _test.Workspace.Runs.AttemptsAsync(run.Id, Token)).Should().BeEmpty();
        (await _test.Workspace.Runs.DecisionsAsync(run.Id, Token))[^1].Text.Should().Contain("queued again");
    }

    [Fact]
    public async Task Dispatch_NeitherStartNorEndCanBeWritten_WaitsWithTheReasonWhenThereIsRoom()
    {
        var run = await RequestAsync(null);
        Directory.CreateDirectory(_test.Paths.Runs);
        await File.WriteAllTextAsync(_test.Paths.Run(run.Id), "in the way", Token);
        await File.WriteAllTextAsync(_test.Paths.SetAside, "in the way of setting it aside", Token);
        Refuse("UPDATE ON runs WHEN NEW.state = 'queued'");
        await _test.RunPassAsync();
        (await GetAsync(run)).State.Should().Be(RunState.Running);

        Execute("DROP TRIGGER full");
        await _test.PassAfterAsync(SupervisorWatch.StartPatience);

        (await GetAsync(run))
            .Should()
            .Match<Run>(waiting => waiting.State == RunState.Queued && waiting.Reason!.Contains("cannot be written"));
        _test.Supervisors.Orders.Should().BeEmpty();
    }

    [Fact]
    public async Task Dispatch_EndedByAnotherProcessMeanwhile_StartsNothing()
    {
        var run = await RequestAsync(null);
        Execute(
            "CREATE TRIGGER other AFTER UPDATE ON runs WHEN NEW.state = 'running' BEGIN UPDATE runs SET state = "
                + "'interrupted' WHERE id = NEW.id; END"
        );
        await _test.RunPassAsync();

        (await GetAsync(run)).State.Should().Be(RunState.Interrupted);
        _test.Supervisors.Orders.Should().BeEmpty();
    }

    private Task<Run> RequestAsync(string? agent) =>
        _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work") { Agent = agent }, Token);

    private Task<Run> GetAsync(Run run) => _test.Workspace.Runs.GetAsync(run.Id, Token);

    private void Refuse(string write) => Execute($"CREATE TRIGGER full BEFORE {write} BEGIN SELECT RAISE(ABORT, 'no room'); END");

    private void Execute(string sql)
    {
        using var connection = new SqliteConnection($"Data Source={_test.Paths.Database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
