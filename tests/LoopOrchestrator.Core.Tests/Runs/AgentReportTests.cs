using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>The report of a program that was started for a run, and of others in its name.</summary>
public sealed class AgentReportTests : IDisposable
{
    private static readonly RunReport Done = new(RunState.Succeeded, "done", [], [], []);

    private readonly TestWorkspace _test = new(new RunLimits { RetryBaseSeconds = 1 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Program_GetsATokenOfItsOwnWithEachAttempt_AndTheLastOneCounts()
    {
        var run = await StartAsync(TestWorkspace.Program);
        var first = _test.AgentOf(run.Id);
        _test.Supervisors.End(run.Id, exitCode: 1);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(1));
        var second = _test.AgentOf(run.Id);

        second.RunToken.Should().NotBe(first.RunToken);
        (await RefusalAsync(first)).Should().Contain("too late").And.Contain("attempt 2");
        (await RefusalAsync(second with { RunToken = null }, run.Id)).Should().Contain("only that program may report it");
        await _test.Workspace.Runs.CompleteAsync(id: null, Done, second, cancellationToken: Token);
        _test.Supervisors.End(run.Id, exitCode: 1);
        await _test.RunPassAsync();
        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Command_GetsNoToken_AndItsExitCodeDecides()
    {
        var run = await StartAsync(TestWorkspace.Checks);

        _test.Supervisors.Orders.Single().Environment.Should().NotContainKey(RunEnvironment.RunToken);
        (await RefusalAsync(new RunCaller { RunId = run.Id }, run.Id)).Should().Contain("takes no report").And.Contain("exit code decides");
        _test.Supervisors.End(run.Id, exitCode: 0);
        await _test.RunPassAsync();
        (await _test.Workspace.Runs.GetAsync(run.Id, Token))
            .Should()
            .Match<Run>(ended => ended.State == RunState.Succeeded && ended.ReportedOutcome == null);
    }

    [Fact]
    public async Task Program_ThatIsSilent_HasNoLeaseToLose()
    {
        var run = await StartAsync(TestWorkspace.Program);
        _test.Supervisors.ComeUp(run.Id);
        for (var i = 0; i < 40; i++)
        {
            await _test.PassAfterAsync(TimeSpan.FromSeconds(30));
        }

        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task Memory_FindingAndSummaryBeyondTheirLimits_AreCutBetweenCharacters()
    {
        var first = await StartAsync(TestWorkspace.Program);
        var found = Done with { Findings = [new string('a', 1999) + "😀😀"] };
        await _test.Workspace.Runs.CompleteAsync(id: null, found, _test.AgentOf(first.Id), cancellationToken: Token);
        _test.Supervisors.End(first.Id);
        await _test.RunPassAsync();
        var second = await StartAsync(TestWorkspace.Program);
        var told = Done with { Summary = "😀😀" + new string('b', 399) };
        await _test.Workspace.Runs.CompleteAsync(id: null, told, _test.AgentOf(second.Id), cancellationToken: Token);
        _test.Supervisors.End(second.Id);
        await _test.RunPassAsync();

        var memory = File.ReadAllText(_test.Paths.Memory);
        memory.Should().Contain(new string('a', 1999) + "…").And.Contain("… " + new string('b', 399)).And.NotContain("\uFFFD");
    }

    /// <summary>What is said of a second report: it is done already, it counts, or the first one stands.</summary>
    public enum Second
    {
        Done,
        Counts,
        Refused,
    }

    [Theory]
    [InlineData("succeeded", "done", "succeeded", "done", Second.Done)]
    [InlineData("failed", "no", "failed", "no", Second.Done)]
    [InlineData("needs_input", "stuck", "needs_input", "stuck", Second.Done)]
    [InlineData("succeeded", "done", "succeeded", "done, really", Second.Refused)]
    [InlineData("succeeded", "done", "failed", "it does not work after all", Second.Counts)]
    [InlineData("failed", "no", "succeeded", "it went well after all", Second.Refused)]
    [InlineData("succeeded", "done", "needs_input", "stuck", Second.Counts)]
    [InlineData("failed", "no", "needs_input", "stuck", Second.Refused)]
    [InlineData("failed", "no", "failed", "no, really", Second.Refused)]
    [InlineData("needs_input", "stuck", "succeeded", "found it out myself", Second.Counts)]
    [InlineData("needs_input", "stuck", "failed", "no", Second.Counts)]
    [InlineData("needs_input", "stuck", "needs_input", "another question", Second.Counts)]
    public async Task SecondReport_OfAProgram_NeverMakesAnOutcomeBetter(
        string first,
        string said,
        string second,
        string saidThen,
        Second expected
    )
    {
        var run = await StartAsync(TestWorkspace.Program);
        var agent = _test.AgentOf(run.Id);
        await _test.Workspace.Runs.CompleteAsync(id: null, Report(first, said), agent, cancellationToken: Token);

        var again = () => _test.Workspace.Runs.CompleteAsync(id: null, Report(second, saidThen), agent, cancellationToken: Token);
        if (expected == Second.Refused)
        {
            (await again.Should().ThrowAsync<UserErrorException>())
                .Which.Message.Should()
                .Contain($"reported already as {first}")
                .And.Contain(said)
                .And.Contain("noted");
            (await _test.Workspace.Runs.DecisionsAsync(run.Id, Token))
                .Should()
                .Contain(decision => decision.Text == $"a second report was refused: {second} '{saidThen}'");
        }
        else
        {
            await again.Should().NotThrowAsync();
        }

        _test.Supervisors.End(run.Id);
        await _test.RunPassAsync();
        var (outcome, summary) = expected == Second.Counts ? (second, saidThen) : (first, said);
        (await _test.Workspace.Runs.AttemptsAsync(run.Id, Token))[^1].Outcome.Should().Be(RunNames.State(outcome));
        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).Summary.Should().Be(summary);
        File.ReadAllText(Path.Combine(_test.Paths.Run(run.Id), "report.json")).Should().Contain(summary, "the copy tells the same");
    }

    [Fact]
    public async Task SecondReport_ThatDiffersInAnyPart_IsAnotherOne()
    {
        var run = await StartAsync(TestWorkspace.Program);
        var agent = _test.AgentOf(run.Id);
        var first = new RunReport(RunState.Succeeded, "done", ["a"], ["b"], []);
        await _test.Workspace.Runs.CompleteAsync(id: null, first, agent, cancellationToken: Token);

        await _test.Workspace.Runs.CompleteAsync(id: null, first with { Findings = ["a"] }, agent, cancellationToken: Token);
        foreach (
            var other in new[]
            {
                first with
                {
                    Findings = ["a", "c"],
                },
                first with
                {
                    FollowUps = [],
                },
                first with
                {
                    Questions = ["which?"],
                },
            }
        )
        {
            var again = () => _test.Workspace.Runs.CompleteAsync(id: null, other, agent, cancellationToken: Token);
            await again.Should().ThrowAsync<UserErrorException>().WithMessage($"Run {run.Id} was reported already as *, and that stands*");
        }
    }

    [Fact]
    public async Task SecondReport_AgainAndAgain_IsNotedAFewTimes()
    {
        var run = await StartAsync(TestWorkspace.Program);
        var agent = _test.AgentOf(run.Id);
        await _test.Workspace.Runs.CompleteAsync(id: null, Report("failed", "no"), agent, cancellationToken: Token);
        for (var count = 0; count < 20; count++)
        {
            var again = () =>
                _test.Workspace.Runs.CompleteAsync(id: null, Report("succeeded", $"yes {count}"), agent, cancellationToken: Token);
            await again.Should().ThrowAsync<UserErrorException>().WithMessage($"Run {run.Id} was reported already as *, and that stands*");
        }

        (await _test.Workspace.Runs.DecisionsAsync(run.Id, Token))
            .Should()
            .HaveCountLessThan(10)
            .And.Contain(static decision => decision.Text.Contains("'yes 0'"));
    }

    [Fact]
    public async Task SecondReport_ByTheHolderOfAHandOff_IsDoneAlreadyAndNobodyElses()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work") { Agent = "handoff" }, cancellationToken: Token);
        await _test.Workspace.Runs.CompleteAsync(run.Id, Done, leaseToken: run.LeaseToken, cancellationToken: Token);

        (await _test.Workspace.Runs.CompleteAsync(run.Id, Done, leaseToken: run.LeaseToken, cancellationToken: Token))
            .State.Should()
            .Be(RunState.Succeeded);
        var guesser = () => _test.Workspace.Runs.CompleteAsync(run.Id, Done, leaseToken: "guessed", cancellationToken: Token);
        (await guesser.Should().ThrowAsync<UserErrorException>()).Which.Message.Should().Contain("has ended already");
        var other = () =>
            _test.Workspace.Runs.CompleteAsync(run.Id, Report("failed", "no"), leaseToken: run.LeaseToken, cancellationToken: Token);
        (await other.Should().ThrowAsync<UserErrorException>()).Which.Message.Should().Contain("reported as succeeded").And.Contain("done");
    }

    [Fact]
    public async Task SecondReport_OfAHandOffThatNeedsInput_IsToldHowItGoesOn()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work") { Agent = "handoff" }, cancellationToken: Token);
        await _test.Workspace.Runs.CompleteAsync(
            run.Id,
            Report("needs_input", "stuck"),
            leaseToken: run.LeaseToken,
            cancellationToken: Token
        );

        var then = () => _test.Workspace.Runs.CompleteAsync(run.Id, Done, leaseToken: run.LeaseToken, cancellationToken: Token);

        (await then.Should().ThrowAsync<UserErrorException>()).Which.Message.Should().Contain("answer_run").And.Contain("claim_run");
    }

    [Fact]
    public async Task CancelAndAnswer_FromAnybody_AreTaken()
    {
        var run = await StartAsync(TestWorkspace.Program);
        await _test.Workspace.Runs.CompleteAsync(
            id: null,
            new RunReport(RunState.NeedsInput, "stuck", [], [], ["which?"]),
            _test.AgentOf(run.Id),
            cancellationToken: Token
        );
        _test.Supervisors.End(run.Id);
        await _test.RunPassAsync();
        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.NeedsInput);

        (await _test.Workspace.Runs.AnswerAsync(run.Id, ["that one"], Token))
            .Should()
            .Match<Run>(queued => queued.State == RunState.Queued && queued.Lease == null);
        await _test.Workspace.Runs.CancelAsync(run.Id, "not wanted", Token);
    }

    private async Task<Run> StartAsync(string agent)
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work") { Agent = agent }, Token);
        await _test.RunPassAsync();
        return await _test.Workspace.Runs.GetAsync(run.Id, Token);
    }

    private static RunReport Report(string outcome, string summary) =>
        new(RunNames.State(outcome)!.Value, summary, [], [], outcome == "needs_input" ? ["which?"] : []);

    private async Task<string> RefusalAsync(RunCaller caller, string? id = null)
    {
        var report = () => _test.Workspace.Runs.CompleteAsync(id, Done, caller, cancellationToken: Token);
        return (await report.Should().ThrowAsync<UserErrorException>()).Which.Message;
    }
}
