using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Retention;

/// <summary>Rows of the database go with the years, and nothing comes back because of it.</summary>
public sealed class RowRetentionTests : IDisposable
{
    private readonly TestWorkspace _test = new(
        new RunLimits
        {
            MaxAttempts = 1,
            FailuresToEscalate = 2,
            KeepRunsDays = 1,
            KeepRowsDays = 10,
            RunsPerHour = 100_000,
        }
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Prune_LongAgo_RemovesRunsWithAllThatBelongsToThem()
    {
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        _test.WriteSchedules(TestWorkspace.Every(60));
        await FireAsync(hours: 48);
        _test.Time.Advance(TimeSpan.FromDays(9));
        await _test.Workspace.Retention.PruneAsync(Token);
        (await CountAsync("runs")).Should().BeGreaterThan(20, "nothing is old enough yet");
        _test.Time.Advance(TimeSpan.FromDays(3));

        await _test.Workspace.Retention.PruneAsync(Token);

        (await CountAsync("occurrences")).Should().Be(1, "the newest one is what the schedule did last");
        (await CountAsync("runs")).Should().Be(1);
        (await CountAsync("attempts")).Should().Be(1);
        (
            await _test.Workspace.Database.ReadAsync(
                static connection => connection.Scalar("SELECT COUNT(*) FROM pragma_foreign_key_check"),
                Token
            )
        )
            .Should()
            .Be(0);
    }

    [Fact]
    public async Task Prune_CallsWithARequestId_StayForAWeekAndAsLongAsTheirRun()
    {
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        var request = new RunRequest("code", "Do it.") { RequestId = "one" };
        await _test.Workspace.Runs.RequestAsync(request, Token);
        await _test.Workspace.Memory.AppendAsync(new(MemorySection.Updates, "x"), _test.Workspace.Requests, "two", Token);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(1));
        _test.Time.Advance(TimeSpan.FromDays(6.9));
        await _test.Workspace.Retention.PruneAsync(Token);
        (await CountAsync("requests")).Should().Be(2);

        _test.Time.Advance(TimeSpan.FromDays(1));
        await _test.Workspace.Retention.PruneAsync(Token);
        (await CountAsync("requests")).Should().Be(1, "the run is there");
        _test.Time.Advance(TimeSpan.FromDays(3));
        await _test.Workspace.Retention.PruneAsync(Token);

        (await CountAsync("runs")).Should().Be(0);
        (await CountAsync("requests")).Should().Be(0);
    }

    [Fact]
    public async Task Prune_MoreRunsThanAreKept_RemovesTheOldestWithTheirFolders()
    {
        using var test = new TestWorkspace(
            new RunLimits
            {
                MaxAttempts = 1,
                RunsPerHour = 100_000,
                KeepRunsCount = 10,
            }
        );
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId);
        test.WriteSchedules(TestWorkspace.Every(1));
        for (var minute = 0; minute < 30; minute++)
        {
            await test.PassAfterAsync(TimeSpan.FromMinutes(1));
            await test.RunPassAsync();
        }

        var newest = (await test.Workspace.Runs.ListAsync(new RunFilter { Limit = 100 }, Token))
            .Take(10)
            .Select(static run => run.Id)
            .ToList();

        await test.Workspace.Retention.PruneAsync(Token);

        (await test.Workspace.Runs.ListAsync(new RunFilter { Limit = 100 }, Token))
            .Select(static run => run.Id)
            .Should()
            .StartWith(newest)
            .And.HaveCountLessThanOrEqualTo(11);
        Directory.GetDirectories(test.Paths.Runs).Select(Path.GetFileName).Should().Contain(newest).And.HaveCountLessThanOrEqualTo(11);
    }

    [Fact]
    public async Task Prune_StillNeeded_StaysWithAllAboveIt()
    {
        var running = await StartAsync("code", "goes on");
        var failed = await StartAsync("debug", "counted as a failure");
        _test.Supervisors.End(failed.Id, exitCode: 1);
        await _test.RunPassAsync();
        _test.Time.Advance(TimeSpan.FromDays(40));

        await _test.Workspace.Retention.PruneAsync(Token);

        (await _test.Workspace.Runs.GetAsync(running.Id, Token)).State.Should().Be(RunState.Running);
        (await _test.Workspace.Runs.GetAsync(failed.Id, Token)).State.Should().Be(RunState.Failed);
    }

    [Fact]
    public async Task Clock_SetBackBehindWhatWasRemoved_FiresNothingASecondTime()
    {
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        _test.WriteSchedules(TestWorkspace.Every(60));
        await FireAsync(hours: 24);
        var begun = _test.Supervisors.Orders.Count;
        var then = _test.Now;
        _test.Time.Advance(TimeSpan.FromDays(20));
        await _test.Workspace.Retention.PruneAsync(Token);

        _test.Time.JumpWallClock(then - TimeSpan.FromHours(12) - _test.Now);
        await FireAsync(hours: 12);

        _test.Supervisors.Orders.Should().HaveCount(begun, "those moments had their outcome, although its row is gone");
    }

    private async Task FireAsync(int hours)
    {
        for (var hour = 0; hour < hours; hour++)
        {
            await _test.PassAfterAsync(TimeSpan.FromHours(1));
            await _test.RunPassAsync();
        }
    }

    private async Task<Run> StartAsync(string mode, string task)
    {
        var run = await _test.Workspace.Runs.RequestAsync(
            new RunRequest(mode, task) { TimeoutSeconds = RunLimits.MaxTimeoutSeconds },
            Token
        );
        await _test.RunPassAsync();
        _test.Supervisors.ComeUp(run.Id);
        return run;
    }

    private Task<long> CountAsync(string table) =>
        _test.Workspace.Database.ReadAsync(connection => connection.Scalar($"SELECT COUNT(*) FROM {table}"), Token);
}
