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
        await _test.LookAsync();
        await _test.LookAfterAsync(TimeSpan.FromMinutes(1));
        var second = _test.AgentOf(run.Id);

        second.RunToken.Should().NotBe(first.RunToken);
        (await RefusalAsync(first)).Should().Contain("too late").And.Contain("attempt 2");
        (await RefusalAsync(second with { RunToken = null }, run.Id)).Should().Contain("only that program may report it");
        await _test.Workspace.Runs.CompleteAsync(id: null, Done, second, cancellationToken: Token);
        _test.Supervisors.End(run.Id, exitCode: 1);
        await _test.LookAsync();
        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Command_GetsNoToken_AndItsExitCodeDecides()
    {
        var run = await StartAsync(TestWorkspace.Checks);

        _test.Supervisors.Orders.Single().Environment.Should().NotContainKey(RunEnvironment.RunToken);
        (await RefusalAsync(new RunCaller { RunId = run.Id }, run.Id)).Should().Contain("takes no report").And.Contain("exit code decides");
        _test.Supervisors.End(run.Id, exitCode: 0);
        await _test.LookAsync();
        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).Should().Match<Run>(ended => ended.State == RunState.Succeeded && ended.ReportedOutcome == null);
    }

    [Fact]
    public async Task Program_ThatIsSilent_HasNoLeaseToLose()
    {
        var run = await StartAsync(TestWorkspace.Program);
        _test.Supervisors.ComeUp(run.Id);
        for (var i = 0; i < 40; i++)
        {
            await _test.LookAfterAsync(TimeSpan.FromSeconds(30));
        }

        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task CancelAndAnswer_AreOpenToEverybody()
    {
        var run = await StartAsync(TestWorkspace.Program);
        await _test.Workspace.Runs.CompleteAsync(id: null, new RunReport(RunState.NeedsInput, "stuck", [], [], ["which?"]), _test.AgentOf(run.Id), cancellationToken: Token);
        _test.Supervisors.End(run.Id);
        await _test.LookAsync();
        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.NeedsInput);

        (await _test.Workspace.Runs.AnswerAsync(run.Id, ["that one"], Token)).Should().Match<Run>(queued => queued.State == RunState.Queued && queued.Lease == null);
        await _test.Workspace.Runs.CancelAsync(run.Id, "not wanted", Token);
    }

    private async Task<Run> StartAsync(string agent)
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work") { Agent = agent }, Token);
        await _test.LookAsync();
        return await _test.Workspace.Runs.GetAsync(run.Id, Token);
    }

    private async Task<string> RefusalAsync(RunCaller caller, string? id = null)
    {
        var report = () => _test.Workspace.Runs.CompleteAsync(id, Done, caller, cancellationToken: Token);
        return (await report.Should().ThrowAsync<UserErrorException>()).Which.Message;
    }
}
