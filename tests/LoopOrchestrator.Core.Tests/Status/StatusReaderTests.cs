using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Status;

public sealed class StatusReaderTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Attention_AllWell_IsEmpty()
    {
        using var test = new TestWorkspace();
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.Workspace.Servers.BeginSessionAsync(Token);
        await test.Workspace.Servers.EnterAsync("stdio", trusted: true, Token);
        await test.RunPassAsync();

        (await AttentionAsync(test)).Should().BeEmpty();
    }

    [Fact]
    public async Task Findings_TellOfWorkflowsThatCannotBegin_AndOfSchedulesThatNameNone()
    {
        var step = new WorkflowStep("write") { Mode = "code", Agent = "nobody" };
        using var test = new TestWorkspace(
            workflows: new WorkflowDefinition("mine")
            {
                Stages = [new("work", LoopOrchestrator.Core.Modes.Stage.Implementation) { Steps = [step] }],
            }
        );
        test.WriteSchedules(TestWorkspace.Every(10, more: "\"workflow\":\"yours\""));

        var findings = (await test.Workspace.Status.ReadAsync(Token)).Diagnostics.Select(static diagnostic => diagnostic.Message);

        findings
            .Should()
            .SatisfyRespectively(
                finding =>
                    finding
                        .Should()
                        .Be("schedule 's' names workflow 'yours', which there is not, so it starts nothing; workflows here: default, mine"),
                finding => finding.Should().StartWith("workflow mine, stage work, step write: there is no agent 'nobody'")
            );
    }

    [Theory]
    [InlineData(false, "This folder is a copy of ")]
    [InlineData(true, "This folder was moved from ")]
    public async Task Attention_CopiedOrMovedUnderAServer_SaysSo(bool moved, string said)
    {
        using var test = new TestWorkspace();
        using var other = new TemporaryFolder();
        await test.Workspace.Servers.EnterAsync("http", trusted: true, Token);
        await test.Workspace.Servers.BeginSessionAsync(Token);
        var was = moved ? other.File("gone") : other.FullPath;
        await test.Workspace.Database.WriteAsync(
            (connection, _) => connection.Execute("UPDATE servers SET workspace = @was", ("@was", was)),
            Token
        );

        (await AttentionAsync(test))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith(said + was)
            .And.EndWith("Nothing fires here: start a server in this folder.");
    }

    [Fact]
    public async Task Attention_ActiveScheduleAndNoServer_SaysSo()
    {
        using var test = new TestWorkspace();
        test.WriteSchedules(TestWorkspace.Every(10));

        (await AttentionAsync(test)).Should().Equal("No server process fires schedules at this moment.");
    }

    [Fact]
    public async Task Attention_AgentWhoseKeyWasRefused_IsNamedUntilARunOfItSucceeds()
    {
        using var test = new TestWorkspace();
        await test.Workspace.Servers.BeginSessionAsync(Token);
        await test.Workspace.Servers.EnterAsync("stdio", trusted: true, Token);
        var run = await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await test.RunPassAsync();
        var account = new AgentAccount
        {
            Preset = "codex",
            Result = new AgentResult(IsError: true, "unexpected status 401 Unauthorized: no"),
        };
        test.Supervisors.End(run.Id, TestAgents.Outcome(SupervisorEnd.Exited, 1) with { Account = account });
        await test.RunPassAsync();

        (await test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Failed, "another attempt would be refused too");
        (await AttentionAsync(test))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match($"Agent '{run.Agent}' is not signed in*{run.Id}*Sign in*");

        var next = await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        test.Supervisors.End(next.Id);
        await test.RunPassAsync();
        (await AttentionAsync(test)).Should().BeEmpty();
    }

    [Fact]
    public async Task Attention_QueuedAndNobodyTrusted_SaysThatItIsHeldBack()
    {
        using var test = new TestWorkspace(trusted: false);
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.Workspace.Servers.BeginSessionAsync(Token);
        await test.Workspace.Servers.EnterAsync("stdio", trusted: false, Token);
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));

        (await AttentionAsync(test))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match("1 run(s) are held back*not trusted*loop-orchestrator trust*");

        await test.Workspace.Servers.EnterAsync("stdio", trusted: true, Token);
        (await AttentionAsync(test)).Should().BeEmpty();
    }

    [Fact]
    public async Task Attention_WorkspaceGone_SaysFirstThatNothingCanBeRecorded()
    {
        using var test = new TestWorkspace();
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();
        var gone = test.Paths.Root + ".gone";

        Directory.Move(test.Paths.Root, gone);
        var attention = await AttentionAsync(test);
        Directory.Move(gone, test.Paths.Root);

        attention[0].Should().StartWith("Nothing can be recorded").And.Contain("is gone");
        (await AttentionAsync(test)).Should().NotContain(text => text.Contains("recorded:", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attention_AllPlacesTaken_SaysThatRunsWait()
    {
        using var test = new TestWorkspace(new RunLimits { ConcurrentRuns = 1 });
        await test.Workspace.Servers.EnterAsync("stdio", trusted: true, Token);
        test.Supervisors.OnLaunch = order => test.Supervisors.ComeUp(order.RunId);
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "one"), Token);
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "two"), Token);
        await test.RunPassAsync();

        (await AttentionAsync(test))
            .Should()
            .Equal(
                "1 run(s) are recorded as running and no server looks after them; the next one says what became of them.",
                "1 run(s) wait because 1 run already (limits.concurrentRuns)."
            );
    }

    [Fact]
    public async Task Read_ByAProcessThatIsNotTrusted_TellsWhatKeepsTheOneThatIs()
    {
        using var test = new TestWorkspace(new RunLimits { ConcurrentRuns = 1 });
        await test.Workspace.Servers.BeginSessionAsync(Token);
        await test.Workspace.Servers.EnterAsync("stdio", trusted: true, Token);
        test.Supervisors.OnLaunch = order => test.Supervisors.ComeUp(order.RunId);
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "one"), Token);
        await test.Workspace.Runs.RequestAsync(new RunRequest("code", "two"), Token);
        await test.RunPassAsync();

        var waits = (await test.Open(trusted: false).Status.ReadAsync(Token)).Waits.Values.Single();

        waits.Code.Should().Be(WhyNotCode.AtCapacity, "what was seen is known to the server alone");
        File.Exists(test.RecordFile).Should().BeFalse("who only looks records nothing");
    }

    [Fact]
    public async Task Attention_HandOffWaits_SaysHowToTakeIt()
    {
        using var test = new TestWorkspace(defaultAgent: "handoff");
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.Workspace.Servers.BeginSessionAsync(Token);
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));

        (await AttentionAsync(test)).Should().ContainSingle().Which.Should().StartWith("1 hand-off(s) wait").And.Contain("claim_run");
    }

    [Theory]
    [InlineData(60, false)]
    [InlineData(61, true)]
    public async Task Attention_DueAndNothingFired_IsOverdueAfterAMinute(int seconds, bool overdue)
    {
        using var test = new TestWorkspace();
        test.WriteSchedules(TestWorkspace.Every(10));
        await test.RunPassAsync();
        await test.PassAfterAsync(TimeSpan.FromMinutes(10));
        var due = (await test.Workspace.Status.SchedulesAsync(Token))[0].NextOccurrence!.Value;
        test.Time.Advance(due - test.Now + TimeSpan.FromSeconds(seconds));

        (await AttentionAsync(test))
            .Any(line =>
                line.StartsWith($"Schedule 's' was due at {due.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}", StringComparison.Ordinal)
                && line.Contains("start one", StringComparison.Ordinal)
            )
            .Should()
            .Be(overdue);
    }

    [Fact]
    public async Task Attention_ClosingRowCannotBeWritten_IsFinalizationPending()
    {
        using var test = new TestWorkspace();
        var run = await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await test.RunPassAsync();
        File.Delete(test.Paths.Timing);
        Directory.CreateDirectory(test.Paths.Timing);
        test.Supervisors.End(run.Id);
        await test.RunPassAsync();

        var status = await test.Workspace.Status.ReadAsync(Token);

        status.FinalizationPending.Should().Equal(run.Id);
        status
            .Attention.Should()
            .ContainSingle(line => line.StartsWith("1 ended run(s) are finalization-pending", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Attention_BrokenFile_CountsItsErrors()
    {
        using var test = new TestWorkspace();
        test.WriteScheduleFile("{ broken");

        (await test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .ContainSingle(line => line.Contains("error(s) in the workspace's files"));
    }

    private static async Task<IReadOnlyList<string>> AttentionAsync(TestWorkspace test) =>
        (await test.Workspace.Status.ReadAsync(Token)).Attention;
}
