using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Trust;

/// <summary>
/// Each place that starts a command or calls an address: what nobody has seen waits with its reason, and goes on once it is trusted.
/// </summary>
public sealed class HeldBackTests : IDisposable
{
    private const string Command = "'loop-orchestrator trust'";

    private readonly TestWorkspace _test = new(trusted: false);

    public HeldBackTests()
    {
        Quiet.Apply(_test);
        Trust();
    }

    // Its schedule fires nothing: these are about runs, cycles and notices.
    private static TrustedFiles Quiet { get; } = new() { OnlyIf = null, IsActive = false };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("environment", "code", "mcp_startup.json: agents.checks (sh -c true (sets LEVEL)) has changed")]
    [InlineData("agent", "ask", "mcp_startup.json: agents.program (sh -c true --yolo) has changed")]
    [InlineData("mode agent", "ask", "mcp_startup.json: modes.ask.agent (checks) has changed")]
    [InlineData("groups", "docs", ".roomodes: docs (edit, read) has changed")]
    public async Task Run_OfWhatNobodyHasSeen_WaitsInTheQueueAndGoesOn(string kind, string mode, string reason)
    {
        Quiet.Other(kind).Apply(_test);
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest(mode, "work"), Token);
        await _test.RunPassAsync();
        await _test.RunPassAsync();

        var queued = await _test.Workspace.Runs.GetAsync(run.Id, Token);
        (queued.State, queued.Attempt).Should().Be((RunState.Queued, 0));
        var decisions = await _test.Workspace.Runs.DecisionsAsync(run.Id, Token);
        decisions.Should().ContainSingle(decision => decision.Text.StartsWith($"it waits: {reason}") && decision.Text.Contains(Command));
        _test.Supervisors.Orders.Should().NotContain(order => order.RunId == run.Id);
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .Contain(line => line.StartsWith(reason) && line.Contains(Command));
        (await _test.Workspace.Runs.WhyHeldAsync(run, Token)).Should().StartWith(reason);

        Trust();
        await _test.RunPassAsync();

        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Running);
        (await _test.Workspace.Status.ReadAsync(Token)).HeldBack.Should().BeEmpty();
    }

    [Fact]
    public async Task Run_OfSomethingElse_IsNotHeld()
    {
        Quiet.Other("groups").Apply(_test);
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await _test.RunPassAsync();

        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Running);
    }

    [Fact]
    public async Task Run_BehindAPageOfHeldOnes_IsStartedInTheSamePass()
    {
        Quiet.Other("groups").Apply(_test);
        var held = new List<Run>();
        for (var count = 0; count <= RunQueue.PageSize; count++)
        {
            held.Add(await _test.Workspace.Runs.RequestAsync(new RunRequest("docs", "work"), Token));
        }

        // Runs of one moment stand in the order of their ids, which are drawn.
        _test.Time.Advance(TimeSpan.FromSeconds(1));
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await _test.RunPassAsync();

        (await _test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Running);
        foreach (var waits in new[] { held[0], held[^1] })
        {
            (await _test.Workspace.Runs.DecisionsAsync(waits.Id, Token))
                .Should()
                .ContainSingle(static decision => decision.Text.StartsWith("it waits: "));
        }
    }

    [Fact]
    public async Task OnlyIf_ThatNobodyHasSeen_WaitsWithItsReasonAndIsAskedOnceItIsTrusted()
    {
        new TrustedFiles().Write(_test);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));

        var rows = await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token);
        rows[^1].Outcome.Should().BeNull();
        rows[^1].Reason.Should().StartWith("schedules.json: s onlyIf (sh -c true) is new since");
        Checks().Should().BeEmpty();
        var attention = (await _test.Workspace.Status.ReadAsync(Token)).Attention;
        attention.Should().Contain(static line => line.StartsWith("schedules.json: s onlyIf"));

        Trust();
        await _test.RunPassAsync();

        var check = Checks().Should().ContainSingle().Which;
        check.Command.Skip(1).Should().Equal("-c", "true");
        (await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))[^1].Reason.Should().Be("its onlyIf command is asked first");
        _test.Supervisors.End(check.RunId);
        await _test.RunPassAsync();
        (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().ContainSingle();
    }

    [Fact]
    public async Task OnlyIf_TakenOutAfterItWasSeen_HoldsItsScheduleUntilItIsTrusted()
    {
        new TrustedFiles().Write(_test);
        Trust();
        new TrustedFiles { OnlyIf = null }.Write(_test);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));

        (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().BeEmpty();
        (await _test.Workspace.Schedules.Ledger.HistoryAsync("s", 10, Token))[^1]
            .Reason.Should()
            .StartWith("schedules.json: s onlyIf (sh -c true) was removed since");
        (await _test.Workspace.Status.ReadAsync(Token))
            .Attention.Should()
            .Contain(static line => line.StartsWith("schedules.json: s onlyIf"));

        Trust();
        await _test.RunPassAsync();
        (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().ContainSingle();
        Checks().Should().BeEmpty();
    }

    [Fact]
    public async Task OnlyIf_TakenOutWhileItIsHeld_HoldsNothing()
    {
        new TrustedFiles().Write(_test);
        await _test.RunPassAsync();
        new TrustedFiles { OnlyIf = null, Task = "another" }.Write(_test);
        await _test.RunPassAsync();

        (await _test.Workspace.Runs.ListAsync(new RunFilter(), Token)).Should().ContainSingle().Which.Task.Should().Be("another");
        Checks().Should().BeEmpty();
    }

    [Theory]
    [InlineData("gate", "workflows.default.implementation.gates.build (make none) has changed", 1)]
    [InlineData("sync", "workflows.default.sync.pull (git pull elsewhere) has changed", 2)]
    [InlineData("step agent", "workflows.default.implementation.steps.make.agent (program) has changed", 0)]
    public async Task Cycle_BeforeWhatNobodyHasSeen_IsHeldAndGoesOn(string kind, string reason, int before)
    {
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        Quiet.Other(kind).Apply(_test);
        var asked = await _test.Workspace.Runs.RequestAsync(new RunRequest("orchestrator", "work"), Token);
        var cycle = await PlayAsync(asked.Id);

        cycle.Run.State.Should().Be(RunState.Running);
        cycle.HeldReason.Should().Contain(reason).And.Contain("'loop-orchestrator trust'");
        _test.Supervisors.Orders.Should().HaveCount(before);

        Trust();
        (await PlayAsync(asked.Id)).Run.State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Cycle_WhoseGateWasRemoved_BeginsNothingUntilItIsTrusted()
    {
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        Quiet.Without("gate").Apply(_test);
        var asked = await _test.Workspace.Runs.RequestAsync(new RunRequest("orchestrator", "work"), Token);
        var cycle = await PlayAsync(asked.Id);

        cycle
            .HeldReason.Should()
            .Contain("implementation.gates.build (make all) was removed since")
            .And.Contain("'loop-orchestrator trust'");
        _test.Supervisors.Orders.Should().BeEmpty();

        Trust();
        (await PlayAsync(asked.Id)).Run.State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Cycle_ThatBeganBeforeAGateWasAdded_GoesOnWhereTheWordIsForTheProcess()
    {
        using var test = new TestWorkspace();
        Quiet.Without("gate").Apply(test);
        var asked = await test.Workspace.Runs.RequestAsync(new RunRequest("orchestrator", "work"), Token);
        await test.RunPassAsync();
        (await test.Workspace.Cycles.FindAsync(asked.Id, Token)).Should().NotBeNull("it has begun");

        Quiet.Apply(test);
        test.Supervisors.OnLaunch = order => test.Supervisors.End(order.RunId);
        var cycle = await PlayAsync(test, asked.Id);

        cycle.HeldReason.Should().BeNull("nothing was taken from what guards it");
        cycle.Items.Should().Contain(static item => item.State != CycleItemState.Running);
    }

    [Fact]
    public async Task Cycle_WhoseStepWaits_IsHeldWithItsReasonSoThatItsTimeStandsStill()
    {
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        Quiet.Other("environment").Apply(_test);
        var asked = await _test.Workspace.Runs.RequestAsync(new RunRequest("orchestrator", "work"), Token);

        (await PlayAsync(asked.Id)).HeldReason.Should().Contain("agents.checks");
        Trust();
        (await PlayAsync(asked.Id)).Run.State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Cycle_BegunWithAGateThatIsReplacedAndSeen_GoesOnWithItsOwn()
    {
        _test.Supervisors.OnLaunch = order =>
        {
            if (order.Environment.ContainsKey(SupervisedCommand.Mark))
            {
                _test.Supervisors.End(order.RunId);
            }
        };
        var asked = await _test.Workspace.Runs.RequestAsync(new RunRequest("orchestrator", "work"), Token);
        await PlayAsync(asked.Id);
        Quiet.Other("gate").Apply(_test);
        Trust();
        _test.Supervisors.End(_test.Supervisors.Orders[0].RunId);

        (await PlayAsync(asked.Id)).Run.State.Should().Be(RunState.Succeeded);
        _test.Supervisors.Orders[1].Command.Should().EndWith("all", "a cycle keeps the workflow it began with, and this gate was seen");
    }

    [Theory]
    [InlineData("escalation", EscalationChannels.CommandChannel)]
    [InlineData("webhook", EscalationChannels.WebhookChannel)]
    public async Task Escalation_ByAChannelThatNobodyHasSeen_IsRecordedAndNotToldUntilItIsTrusted(string kind, string channel)
    {
        var files = Quiet;
        files = files.With(
            files.Configuration with
            {
                Limits = new RunLimits { MaxAttempts = 1, FailuresToEscalate = 1 },
            }
        );
        files.Other(kind).Apply(_test);
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId, exitCode: 1);
        await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        for (var look = 0; look < 3; look++)
        {
            await _test.RunPassAsync();
            await _test.Workspace.Notifier.Delivery;
        }

        _test.Notices.Sent.Should().ContainSingle("the other channel is not held").Which.Channel.Should().NotBe(channel);
        var status = await _test.Workspace.Status.ReadAsync(Token);
        status.Escalations.Should().ContainSingle();
        var held = status.Notices.Single(notice => notice.Channel == channel);
        (held.Tries, held.NextAt is null).Should().Be((0, false));
        held.Error.Should().Contain("has changed since");
        status.Attention.Should().Contain(line => line.Contains($"could not be told by {channel}"));

        Trust();
        await _test.RunPassAsync();
        await _test.Workspace.Notifier.Delivery;
        _test.Notices.Sent.Select(static sent => sent.Channel).Should().Contain(channel);
    }

    [Fact]
    public async Task Commit_BehindAGateThatNobodyHasSeen_IsNotMade()
    {
        Quiet.Other("commit gate").Apply(_test);
        var commits = _test.Workspace.Commits;

        var commit = () => commits.MakeAsync(new CommitRequest(), cancellationToken: Token);
        (await commit.Should().ThrowAsync<UserErrorException>()).WithMessage(
            "Nothing was committed: mcp_startup.json: commit.gate.test (true) has changed*'loop-orchestrator trust'*"
        );
        Trust();
        (await commit.Should().ThrowAsync<UserErrorException>()).WithMessage("Nothing can be committed in *", "there is no repository");
    }

    [Fact]
    public async Task Commit_WhoseGateWasRemoved_IsNotMadeAndNotPushed()
    {
        Quiet.Without("commit gate").Apply(_test);
        var commits = _test.Workspace.Commits;

        var commit = () => commits.MakeAsync(new CommitRequest(), cancellationToken: Token);
        (await commit.Should().ThrowAsync<UserErrorException>()).WithMessage(
            "Nothing was committed: mcp_startup.json: commit.gate.test (make test) was removed since*'loop-orchestrator trust'*"
        );
        Trust();
        (await commit.Should().ThrowAsync<UserErrorException>()).WithMessage("Nothing can be committed in *", "there is no repository");
    }

    [Fact]
    public async Task Commit_BehindAnotherGateThanItsServerLookedAt_IsNotMade()
    {
        var request = new CommitRequest { ApprovedGate = new string('0', 64) };
        var commit = () => _test.Workspace.Commits.MakeAsync(request, cancellationToken: Token);

        (await commit.Should().ThrowAsync<UserErrorException>()).WithMessage(
            "Nothing was committed: \"commit\" in mcp_startup.json has changed since the server that started this looked*"
        );
    }

    [Fact]
    public async Task Run_Held_IsLookedAtAgainWithinASecond()
    {
        Quiet.Other("environment").Apply(_test);
        await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        DateTimeOffset? next = null;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        _test.Workspace.Loop.OnIdle = moment =>
        {
            next = moment;
            stop.Cancel();
        };
        await _test.Workspace.Loop.RunAsync("http", static () => new Core.Servers.ServerTrust(true, ""), stop.Token);

        next.Should().BeOnOrBefore(_test.Now.AddSeconds(1));
    }

    private void Trust() => _test.Workspace.Approved.Record(_test.Workspace.Approved.Current);

    private List<SupervisorOrder> Checks() =>
        [.. _test.Supervisors.Orders.Where(static order => order.Environment.ContainsKey(SupervisedCommand.Mark))];

    private Task<Cycle> PlayAsync(string id) => PlayAsync(_test, id);

    private static async Task<Cycle> PlayAsync(TestWorkspace test, string id)
    {
        for (var look = 0; look < 15; look++)
        {
            await test.RunPassAsync();
        }

        return (await test.Workspace.Cycles.FindAsync(id, Token))!;
    }
}
