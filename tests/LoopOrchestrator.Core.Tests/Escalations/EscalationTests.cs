using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Escalations;

public sealed class EscalationTests : IDisposable
{
    private readonly TestWorkspace _test = new();
    private int _exitCode = 9;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public EscalationTests() =>
        _test.Supervisors.OnLaunch = order =>
            _test.Supervisors.End(
                order.RunId,
                new SupervisorOutcome
                {
                    End = SupervisorEnd.Exited,
                    Reason = $"it ended with exit code {_exitCode}",
                    EndedAt = _test.Now,
                    ExitCode = _exitCode,
                    OutputTail = $"the output of {order.RunId}",
                }
            );

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task ThirdFailureInARow_StopsTheSchedule_AndTellsMemoryAndStatus()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await FireAsync(2);
        (await OpenAsync()).Should().BeEmpty();
        _test.Restart();

        await FireAsync(1);

        var escalation = (await OpenAsync()).Should().ContainSingle().Which;
        var runs = (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Select(run => run.Id).Reverse().ToList();
        escalation.Runs.Should().Equal(runs).And.HaveCount(3);
        escalation.Reason.Should().Be("schedule 's' failed 3 time(s) in a row; the last time: failed, it ended with exit code 9");
        var status = await _test.Workspace.Status.ReadAsync(Token);
        status
            .Attention.Should()
            .Contain(line =>
                line.StartsWith("Escalation 1: schedule 's' failed", StringComparison.Ordinal)
                && line.Contains(runs[2], StringComparison.Ordinal)
            );
        status.Schedules[0].Paused.Should().Contain("escalation 1").And.Contain("resolve_escalation");
        var entry = (await CommandsAsync()).Should().ContainSingle().Which;
        entry.Category.Should().Be("command-failure");
        entry
            .Text.Should()
            .Contain("Context: schedule 's', mode code, task \"do s\"")
            .And.Contain("Failed commands, in order:")
            .And.EndWith($"Last output: the output of {runs[2]}");
        runs.Select(run =>
                entry.Text.IndexOf($"- {run}, attempt 1: sh -c true: failed, it ended with exit code 9", StringComparison.Ordinal)
            )
            .Should()
            .BeInAscendingOrder()
            .And.NotContain(-1);

        await FireAsync(6);

        (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().HaveCount(3, "nothing is fired any more");
        (await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))[0]
            .Should()
            .Match<Occurrence>(row => row.Outcome == OccurrenceOutcome.Skipped && row.Count == 6 && row.Reason!.Contains("escalation 1"));
        var trigger = () => _test.Workspace.Schedules.TriggerAsync("s", Token);
        (await trigger.Should().ThrowAsync<UserErrorException>()).WithMessage(
            "*stopped by escalation 1*resolve_escalation*nothing was started*"
        );
        var resume = () => _test.Workspace.Schedules.ResumeAsync("s", Token);
        (await resume.Should().ThrowAsync<UserErrorException>()).WithMessage("*stopped by escalation 1*resolve*");
    }

    [Fact]
    public async Task Resolve_LetsItGoOn_CountsAnewAndTheNextSuccessIsRemembered()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await FireAsync(3);
        var resolved = await _test.Workspace.Escalations.ResolveAsync(1, " the disk was full ", Token);
        resolved.Resumed.Should().BeTrue();
        resolved.Escalation.Note.Should().Be("the disk was full");

        await FireAsync(2);
        (await OpenAsync()).Should().BeEmpty("two more are not three in a row");
        _exitCode = 0;
        await FireAsync(1);
        _exitCode = 9;
        await FireAsync(2);

        (await OpenAsync()).Should().BeEmpty("the success began anew");
        var success = (await _test.Workspace.Runs.ListAsync(new RunFilter { State = RunState.Succeeded }, Token)).Single();
        (await CommandsAsync())
            .Should()
            .HaveCount(2)
            .And.ContainSingle(entry =>
                entry.Text.StartsWith("Command Failure Recovery (escalation 1): Context: schedule 's', mode code", StringComparison.Ordinal)
                && entry.Text.Contains(
                    "Failed commands: ['sh -c true', 'sh -c true', 'sh -c true'], Successful command: sh -c true",
                    StringComparison.Ordinal
                )
                && entry.Text.Contains(success.Id, StringComparison.Ordinal)
                && entry.Text.EndsWith("the disk was full", StringComparison.Ordinal)
            );
        await FireAsync(1);
        (await OpenAsync()).Should().ContainSingle().Which.Id.Should().Be(2);
        var again = () => _test.Workspace.Escalations.ResolveAsync(1, "x", Token);
        (await again.Should().ThrowAsync<UserErrorException>()).WithMessage("*was resolved at*the disk was full*");
        var unknown = () => _test.Workspace.Escalations.ResolveAsync(7, "x", Token);
        (await unknown.Should().ThrowAsync<UserErrorException>()).WithMessage("*no escalation 7*Open: 2*");
        var blank = () => _test.Workspace.Escalations.ResolveAsync(2, " ", Token);
        (await blank.Should().ThrowAsync<UserErrorException>()).WithMessage("note is empty*");
    }

    [Fact]
    public async Task Run_WithAllItsAttempts_IsOneFailure()
    {
        using var test = new TestWorkspace(new RunLimits { MaxAttempts = 3, RetryBaseSeconds = 0 });
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId, exitCode: 1);
        for (var run = 1; run <= 3; run++)
        {
            (await test.Workspace.Escalations.ListAsync(all: false, 10, Token)).Should().BeEmpty();
            await test.Workspace.Runs.RequestAsync(new RunRequest("code", "do  IT"), Token);
            for (var look = 0; look < 8; look++)
            {
                await test.RunPassAsync();
            }

            test.Supervisors.Orders.Should().HaveCount(3 * run);
        }

        (await test.Workspace.Escalations.ListAsync(all: false, 10, Token)).Should().ContainSingle().Which.Runs.Should().HaveCount(3);
        var same = () => test.Workspace.Runs.RequestAsync(new RunRequest("code", " do it "), Token);
        (await same.Should().ThrowAsync<UserErrorException>()).WithMessage("*stopped by escalation 1*");
        (await test.Workspace.Runs.RequestAsync(new RunRequest("code", "something else"), Token)).State.Should().Be(RunState.Queued);
    }

    [Theory]
    [InlineData("TimedOut", true)]
    [InlineData("NotStarted", true)]
    [InlineData("OverBudget", true)]
    [InlineData("Interrupted", false)]
    [InlineData("Cancelled", false)]
    public async Task Ends_OfEachKind_CountOrDoNot(string end, bool counts)
    {
        _test.Supervisors.OnLaunch = order =>
            _test.Supervisors.End(
                order.RunId,
                new SupervisorOutcome
                {
                    End = Enum.Parse<SupervisorEnd>(end),
                    Reason = "because",
                    EndedAt = _test.Now,
                }
            );
        _test.WriteSchedules(TestWorkspace.Every(10));
        await FireAsync(4);

        (await OpenAsync()).Count.Should().Be(counts ? 1 : 0);
    }

    [Fact]
    public async Task Resolve_OfAScheduleThatAPersonPaused_LeavesItPaused()
    {
        _test.WriteSchedules(TestWorkspace.Every(10));
        await FireAsync(3);
        await _test.Workspace.Schedules.PauseAsync("s", "I look into it", Token);

        (await _test.Workspace.Escalations.ResolveAsync(1, "found it", Token)).Resumed.Should().BeFalse();
        (await _test.Workspace.Status.SchedulesAsync(Token))[0].Paused.Should().Contain("I look into it");
        (await _test.Workspace.Schedules.ResumeAsync("s", Token)).Should().BeTrue();
    }

    [Fact]
    public async Task Schedules_BesideAnEscalation_KeepTheirBeat()
    {
        _test.Supervisors.OnLaunch = order =>
            _test.Supervisors.End(
                order.RunId,
                exitCode: File.ReadAllText(order.Environment[RunEnvironment.BriefFile]).Contains("do bad", StringComparison.Ordinal) ? 1 : 0
            );
        _test.WriteSchedules(TestWorkspace.Every(10, "bad"), TestWorkspace.Every(10, "good"));
        await FireAsync(6);

        (await _test.Workspace.Schedules.Ledger.HistoryAsync("good", 20, Token))
            .Should()
            .HaveCount(6)
            .And.OnlyContain(row => row.Outcome == OccurrenceOutcome.Started);
        (await _test.Workspace.Runs.ListAsync(new RunFilter { ScheduleId = "bad" }, Token)).Should().HaveCount(3);
    }

    [Fact]
    public async Task Memory_CannotBeWritten_IsOwedAndWrittenOnce()
    {
        Directory.CreateDirectory(_test.Paths.Memory);
        _test.WriteSchedules(TestWorkspace.Every(10));
        await FireAsync(3);
        Directory.Delete(_test.Paths.Memory);
        _test.Restart();
        await _test.RunPassAsync();
        await _test.RunPassAsync();

        (await CommandsAsync()).Should().ContainSingle().Which.Seen.Should().Be(1);
    }

    [Fact]
    public async Task Memory_HugeOutputAndReasons_StillFits()
    {
        _test.Supervisors.OnLaunch = order =>
            _test.Supervisors.End(
                order.RunId,
                new SupervisorOutcome
                {
                    End = SupervisorEnd.Exited,
                    Reason = new string('ä', 5000),
                    EndedAt = _test.Now,
                    ExitCode = 1,
                    OutputTail = string.Concat(Enumerable.Repeat("𝄞", 4000)),
                }
            );
        _test.WriteSchedules(TestWorkspace.Every(10));
        await FireAsync(3);

        (await CommandsAsync()).Should().ContainSingle();
    }

    private async Task FireAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            await _test.RunPassAsync();
            await _test.RunPassAsync();
            _test.Time.Advance(TimeSpan.FromMinutes(10));
        }
    }

    private Task<IReadOnlyList<Escalation>> OpenAsync() => _test.Workspace.Escalations.ListAsync(all: false, 10, Token);

    private async Task<IReadOnlyList<MemoryEntry>> CommandsAsync() =>
        (await _test.Workspace.Memory.ReadAsync(MemorySection.Commands, cancellationToken: Token)).Sections.Single().Entries;
}
