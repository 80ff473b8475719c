using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

public sealed class RunLifeTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Complete_BeforeANonZeroExit_Decides()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work") { Agent = TestWorkspace.Program }, Token);
        await _test.RunPassAsync();
        await _test.Workspace.Runs.CompleteAsync(
            id: null,
            new RunReport(RunState.Succeeded, "done", [], [], []),
            _test.AgentOf(run.Id),
            cancellationToken: Token
        );
        _test.Supervisors.End(run.Id, exitCode: 3);
        await _test.RunPassAsync();

        (await GetAsync(run))
            .Should()
            .Match<Run>(ended => ended.State == RunState.Succeeded && ended.ExitCode == 3 && ended.Summary == "done");
    }

    [Fact]
    public async Task Cancel_Queued_NeverStarts()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await _test.Workspace.Runs.CancelAsync(run.Id, "not wanted", Token);
        await _test.RunPassAsync();

        (await GetAsync(run)).State.Should().Be(RunState.Cancelled);
        _test.Supervisors.Orders.Should().BeEmpty();
        File.Exists(_test.Paths.Timing).Should().BeFalse("no time was spent");
    }

    [Fact]
    public async Task Cancel_Running_LeavesTheOrderForItsSupervisor()
    {
        var run = await StartAsync("work");
        await _test.Workspace.Runs.CancelAsync(run.Id, "not wanted", Token);

        (await File.ReadAllTextAsync(new RunFolder(_test.Paths.Run(run.Id)).Cancel, Token)).Should().Be("not wanted");
        (await GetAsync(run)).State.Should().Be(RunState.Running, "its process is still there");
    }

    [Fact]
    public async Task Sweep_HandOffPastItsTime_TimesOut()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work") { Agent = "handoff", TimeoutSeconds = 60 }, Token);
        await _test.PassAfterAsync(TimeSpan.FromSeconds(59));
        (await GetAsync(run)).State.Should().Be(RunState.Running);

        await _test.PassAfterAsync(TimeSpan.FromSeconds(1));

        (await GetAsync(run)).State.Should().Be(RunState.TimedOut);
    }

    [Fact]
    public async Task Dispatch_StartRowCannotBeWritten_WaitsAndStartsNothing()
    {
        Directory.CreateDirectory(_test.Paths.Timing);
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await _test.RunPassAsync();

        (await GetAsync(run))
            .Should()
            .Match<Run>(waiting => waiting.State == RunState.Queued && waiting.Reason!.Contains("could not be recorded"));
        _test.Supervisors.Orders.Should().BeEmpty();
        Directory.Exists(_test.Paths.Run(run.Id)).Should().BeTrue("whoever finds a row looks for the folder that was made before it");
    }

    [Fact]
    public async Task End_StopRowCannotBeWritten_IsReplayedExactlyOnce()
    {
        var run = await StartAsync("work");
        File.Move(_test.Paths.Timing, _test.Paths.Timing + ".away");
        Directory.CreateDirectory(_test.Paths.Timing);
        _test.Supervisors.End(run.Id);
        await _test.RunPassAsync();
        (await GetAsync(run))
            .Should()
            .Match<Run>(ended => ended.State == RunState.Succeeded && ended.StopRowPending && !ended.MemoryPending);

        Directory.Delete(_test.Paths.Timing);
        File.Move(_test.Paths.Timing + ".away", _test.Paths.Timing);
        await _test.RunPassAsync();
        await _test.RunPassAsync();

        (await GetAsync(run)).StopRowPending.Should().BeFalse();
        (await RowsAsync(run)).Should().Be(2);
    }

    [Fact]
    public async Task Replay_CrashBetweenRowAndNote_WritesNoSecondRow()
    {
        var run = await StartAsync("work");
        await _test.Workspace.Timing.CloseIfOpenAsync(run.Id, _test.Now, "completed", cancellationToken: Token);
        _test.Supervisors.End(run.Id);
        await _test.RunPassAsync();

        (await GetAsync(run)).StopRowPending.Should().BeFalse();
        (await RowsAsync(run)).Should().Be(2);
    }

    [Fact]
    public async Task Replay_CrashBetweenMemoryAndNote_CountsNothingTwice()
    {
        var run = await HandOffAsync("work", null);
        await _test.Workspace.Runs.CompleteAsync(
            run.Id,
            new RunReport(RunState.Succeeded, "done", ["it works", "and that too"], [], []),
            leaseToken: run.LeaseToken,
            cancellationToken: Token
        );
        var before = await File.ReadAllBytesAsync(_test.Paths.Memory, Token);
        Execute(_test.Paths.Database, "UPDATE runs SET memory_pending = 1");

        _test.Time.Advance(TimeSpan.FromMinutes(5));
        _test.Restart();
        await _test.RunPassAsync();

        (await GetAsync(run)).MemoryPending.Should().BeFalse();
        (await File.ReadAllBytesAsync(_test.Paths.Memory, Token)).Should().Equal(before);
    }

    [Fact]
    public async Task Sweep_SupervisorDied_IsInterrupted()
    {
        var run = await StartAsync("work");
        _test.Supervisors.Die(run.Id);
        await _test.RunPassAsync();

        (await GetAsync(run)).Should().Match<Run>(ended => ended.State == RunState.Interrupted && ended.Reason!.Contains("died"));
        (await RowsAsync(run)).Should().Be(2);
    }

    [Fact]
    public async Task Sweep_SupervisorDied_WhatItsProgramCostCounts()
    {
        var run = await StartAsync("work");
        RunFolder.Of(_test.Paths.Run(run.Id), 1).Write(new SupervisorSpent(1.5, 100, new AgentTokens(60, 40, 10)));
        _test.Supervisors.Die(run.Id);
        await _test.RunPassAsync();

        (await GetAsync(run))
            .Should()
            .BeEquivalentTo(
                new
                {
                    State = RunState.Interrupted,
                    CostUsd = 1.5,
                    Tokens = new AgentTokens(60, 40, 10),
                }
            );
    }

    [Fact]
    public async Task Sweep_SupervisorNeverComesUp_IsInterruptedAfterItsPatience()
    {
        var run = await StartAsync("work");
        await _test.PassAfterAsync(TimeSpan.FromSeconds(59));
        (await GetAsync(run)).State.Should().Be(RunState.Running);

        await _test.PassAfterAsync(TimeSpan.FromSeconds(1));

        (await GetAsync(run)).State.Should().Be(RunState.Interrupted);
    }

    [Fact]
    public async Task Sweep_SupervisorWarned_IsRecordedOnceWithItsMoment()
    {
        var run = await StartAsync("work");
        var moment = _test.Now.AddMinutes(48);
        new RunFolder(_test.Paths.Run(run.Id)).Write(new SupervisorWarning(moment));

        await _test.RunPassAsync();
        await _test.RunPassAsync();

        (await _test.Workspace.Runs.DecisionsAsync(run.Id, Token))
            .Should()
            .ContainSingle(decision =>
                decision.At == moment && decision.Text.StartsWith("warning: it has used 80 % of its time limit of 3600 s")
            );
    }

    [Fact]
    public async Task Sweep_HandOffCloseToItsLimit_IsWarnedAbout()
    {
        var run = await _test.Workspace.Runs.RequestAsync(
            new RunRequest("code", "work") { Agent = "handoff", TimeoutSeconds = 100 },
            Token
        );
        await _test.PassAfterAsync(TimeSpan.FromSeconds(79));
        (await DecisionsAsync(run)).Should().NotContain(static text => text.StartsWith("warning:"));
        (await _test.Workspace.Status.ReadAsync(Token)).Attention.Should().NotContain(static line => line.Contains("80 %"));

        await _test.PassAfterAsync(TimeSpan.FromSeconds(1));

        (await DecisionsAsync(run)).Should().ContainSingle(static text => text.StartsWith("warning:"));
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .ContainSingle(line => line.Contains(run.Id) && line.Contains("80 %"));
    }

    [Theory]
    [InlineData(true, true, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task Sweep_ServerGone_IsToldToEndWhereConfigured(bool ends, bool gone, bool told)
    {
        using var test = new TestWorkspace(new RunLimits { EndsOnServerLoss = ends });
        var run = await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await test.RunPassAsync();
        var folder = new RunFolder(test.Paths.Run(run.Id));
        using var comesUp = FileLock.TryAcquire(folder.SupervisorLock);
        if (gone)
        {
            Execute(test.Paths.Database, $"UPDATE runs SET executor = '{FakeSupervisors.Dead}'");
        }

        await test.RunPassAsync();

        (folder.InterruptReason()?.StartsWith("the server that started it is gone", StringComparison.Ordinal) ?? false).Should().Be(told);
    }

    [Fact]
    public async Task Sweep_OutcomeIsGarbage_HarmsNoOtherRun()
    {
        var broken = await StartAsync("one");
        var sound = await StartAsync("two");
        _test.Supervisors.Die(broken.Id);
        await File.WriteAllTextAsync(Path.Combine(_test.Paths.Run(broken.Id), "outcome.json"), "{ not ours", Token);
        _test.Supervisors.End(sound.Id);
        await _test.RunPassAsync();

        (await GetAsync(sound)).State.Should().Be(RunState.Succeeded);
        (await GetAsync(broken)).State.Should().Be(RunState.Interrupted);
    }

    [Fact]
    public async Task Dispatch_Limit_StartsByPriorityAndKeepsTheRestQueued()
    {
        string[] tasks = ["normal", "todo", "schedule"];
        foreach (var (task, priority) in tasks.Zip([RunPriority.Normal, RunPriority.Todo, RunPriority.Schedule]))
        {
            await _test.Workspace.Runs.RequestAsync(new RunRequest("code", task) { Priority = priority }, Token);
        }

        await _test.RunPassAsync();

        _test
            .Supervisors.Orders.Select(order => _test.Workspace.Runs.GetAsync(order.RunId, Token).Result.Task)
            .Should()
            .BeEquivalentTo("schedule", "todo");
    }

    [Fact]
    public async Task Dispatch_TwoProcessesAtOnce_StartEachRunOnce()
    {
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        var other = _test.Open();
        for (var i = 0; i < 10; i++)
        {
            await _test.Workspace.Runs.RequestAsync(new RunRequest("code", $"work {i}"), Token);
        }

        for (var i = 0; i < 10; i++)
        {
            await Task.WhenAll(Task.Run(() => _test.RunPassAsync(), Token), Task.Run(() => _test.RunPassAsync(other), Token));
        }

        _test.Supervisors.Orders.Select(order => order.RunId).Should().HaveCount(10).And.OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task Request_Untrusted_IsRefusedAndScheduledWorkIsHeldBack()
    {
        using var test = new TestWorkspace(trusted: false);
        var request = () => test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await request.Should().ThrowAsync<UserErrorException>().WithMessage("*trusted*");
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();

        test.Supervisors.Orders.Should().BeEmpty();
        (await test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().ContainSingle().Which.State.Should().Be(RunState.Queued);
    }

    [Fact]
    public async Task Request_SubRuns_HalfTheTimeNoCircleAndFiveDeep()
    {
        var parent = await HandOffAsync("level 0", null);
        var circle = () => HandOffAsync(" LEVEL  0", parent.Id);
        await circle.Should().ThrowAsync<UserErrorException>().WithMessage("*circle*");
        for (var depth = 1; depth <= 5; depth++)
        {
            var child = await HandOffAsync($"level {depth}", parent.Id);
            child.TimeoutSeconds.Should().Be(parent.TimeoutSeconds / 2);
            parent = child;
        }

        var sixth = () => HandOffAsync("level 6", parent.Id);
        await sixth.Should().ThrowAsync<UserErrorException>().WithMessage("*deep*");
    }

    [Fact]
    public async Task Complete_BlankAndHugeFindings_OwesNothingForEver()
    {
        var run = await HandOffAsync("work", null);
        await _test.Workspace.Runs.CompleteAsync(
            run.Id,
            new RunReport(RunState.Succeeded, "done", [" ", new string('x', 20_000)], [], []),
            leaseToken: run.LeaseToken,
            cancellationToken: Token
        );

        (await GetAsync(run)).MemoryPending.Should().BeFalse();
    }

    [Fact]
    public async Task Complete_FollowUps_GoIntoThePlanOnce()
    {
        await File.WriteAllTextAsync(_test.Paths.Todo, "# Plan\n\n- [ ] Old\n", Token);
        var run = await HandOffAsync("work", null);
        await _test.Workspace.Runs.CompleteAsync(
            run.Id,
            new RunReport(RunState.Succeeded, "done", [], ["Paint it", " "], []),
            leaseToken: run.LeaseToken,
            cancellationToken: Token
        );
        var second = await HandOffAsync("other work", null);
        await _test.Workspace.Runs.CompleteAsync(
            second.Id,
            new RunReport(RunState.Succeeded, "done", [], ["paint it"], []),
            leaseToken: second.LeaseToken,
            cancellationToken: Token
        );

        (await File.ReadAllTextAsync(_test.Paths.Todo, Token))
            .Should()
            .StartWith("# Plan\n\n- [ ] Old\n")
            .And.Contain("- [ ] Paint it\n")
            .And.Contain(run.Id)
            .And.NotContain(second.Id);
        (await GetAsync(run)).MemoryPending.Should().BeFalse();
    }

    private Task<Run> HandOffAsync(string task, string? parent) =>
        _test.Workspace.Runs.RequestAsync(new RunRequest("code", task) { Agent = "handoff", ParentRunId = parent }, Token);

    private async Task<Run> StartAsync(string task)
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", task), Token);
        await _test.RunPassAsync();
        run = await GetAsync(run);
        run.State.Should().Be(RunState.Running);
        return run;
    }

    // As a server leaves it that was killed between its claim and its start row.
    private static void Execute(string database, string statement)
    {
        using var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={database};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = statement;
        command.ExecuteNonQuery().Should().Be(1);
    }

    private async Task<IEnumerable<string>> DecisionsAsync(Run run) =>
        (await _test.Workspace.Runs.DecisionsAsync(run.Id, Token)).Select(static decision => decision.Text);

    private Task<Run> GetAsync(Run run) => _test.Workspace.Runs.GetAsync(run.Id, Token);

    private async Task<int> RowsAsync(Run run) =>
        (await File.ReadAllLinesAsync(_test.Paths.Timing, Token)).Count(line => line.Contains(run.Id, StringComparison.Ordinal));
}
