using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>What a run asks for: its part of time and budget, its place, and its end.</summary>
public sealed class SubRunTests : IDisposable
{
    private readonly TestWorkspace _test = new(
        new RunLimits
        {
            MaxAttempts = 1,
            ConcurrentRuns = 1,
            Budget = new RunBudget { CostPerRunUsd = 8, TokensPerRun = 1000 },
        }
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Budget_OfASubRun_IsHalfOfWhatTheParentHasLeft()
    {
        var parent = await StartAsync("parent");
        RunFolder.Of(_test.Paths.Run(parent.Id), 1).Write(new SupervisorSpent(2, 200));

        var first = await RequestAsync("first", parent);
        first.Should().Match<Run>(run => run.CostLimitUsd == 3 && run.TokenLimit == 400);
        (await RequestAsync("second", parent))
            .Should()
            .Match<Run>(run => run.CostLimitUsd == 1.5 && run.TokenLimit == 200, "what the first may cost is taken off");

        await _test.RunPassAsync();
        _test
            .Supervisors.Orders[^1]
            .Should()
            .Match<SupervisorOrder>(order => order.RunId == first.Id && order.CostLimitUsd == 3 && order.TokenLimit == 400);
        RunFolder.Of(_test.Paths.Run(parent.Id), 1).Write(new SupervisorSpent(8, 200));
        var none = () => RequestAsync("third", parent);
        await none.Should().ThrowAsync<UserErrorException>().WithMessage("*nothing left of its budget*costPerRunUsd*");
    }

    [Fact]
    public async Task Place_OfTheRunThatWaitsForIt_IsNotCounted()
    {
        var parent = await StartAsync("parent");
        var child = await RequestAsync("child", parent);
        var other = await RequestAsync("other", parent);
        var stranger = await RequestAsync("stranger", null);
        await _test.RunPassAsync();
        (await StatesAsync(child, other, stranger)).Should().Equal(RunState.Running, RunState.Queued, RunState.Queued);

        var grandchild = await RequestAsync("grandchild", child);
        await _test.RunPassAsync();

        (await StatesAsync(grandchild, other, stranger)).Should().Equal(RunState.Running, RunState.Queued, RunState.Queued);
    }

    [Fact]
    public async Task Cancel_WithSubRuns_EndsAllThatWasAskedFor()
    {
        var parent = await StartAsync("parent");
        var child = await RequestAsync("child", parent);
        await _test.RunPassAsync();
        var queued = await RequestAsync("queued", child);
        var handOff = await RequestAsync("by hand", child, "handoff");

        await _test.Workspace.Runs.CancelAsync(parent.Id, "not wanted", Token);

        RunFolder.Of(_test.Paths.Run(child.Id), 1).CancelReason().Should().Be($"the run that asked for it ({parent.Id}) was cancelled");
        (await StatesAsync(parent, child, queued, handOff))
            .Should()
            .Equal(RunState.Running, RunState.Running, RunState.Cancelled, RunState.Cancelled);
        (await _test.Workspace.Runs.SubRunsAsync(parent.Id, Token))
            .Select(static run => run.Id)
            .Should()
            .BeEquivalentTo([child.Id, queued.Id, handOff.Id]);
    }

    [Theory]
    [InlineData("TimedOut", true)]
    [InlineData("Interrupted", true)]
    [InlineData("Exited", false)]
    public async Task End_OfTheParent_EndsThemUnlessItSucceeded(string end, bool ends)
    {
        var parent = await StartAsync("parent");
        var handOff = await RequestAsync("by hand", parent, "handoff");
        _test.Supervisors.End(
            parent.Id,
            new SupervisorOutcome
            {
                End = Enum.Parse<SupervisorEnd>(end),
                Reason = "so",
                EndedAt = _test.Now,
                ExitCode = 0,
            }
        );
        await _test.RunPassAsync();
        await _test.RunPassAsync();

        (await StatesAsync(handOff)).Should().Equal(ends ? RunState.Cancelled : RunState.Running);
    }

    [Fact]
    public async Task Retry_OfTheParent_LeavesThem()
    {
        using var test = new TestWorkspace(new RunLimits());
        var parent = await test.Workspace.Runs.RequestAsync(new RunRequest("code", "parent"), Token);
        await test.RunPassAsync();
        var child = await test.Workspace.Runs.RequestAsync(
            new RunRequest("code", "child") { Agent = "handoff", ParentRunId = parent.Id },
            Token
        );
        test.Supervisors.End(parent.Id, exitCode: 1);
        await test.RunPassAsync();

        (await test.Workspace.Runs.GetAsync(parent.Id, Token)).State.Should().Be(RunState.Queued);
        (await test.Workspace.Runs.GetAsync(child.Id, Token)).CancelReason.Should().BeNull();
    }

    private async Task<Run> StartAsync(string task)
    {
        var run = await RequestAsync(task, null);
        await _test.RunPassAsync();
        return await _test.Workspace.Runs.GetAsync(run.Id, Token);
    }

    private Task<Run> RequestAsync(string task, Run? parent, string? agent = null)
    {
        // Each at a moment of its own: of those of one moment, none is the first.
        _test.Time.Advance(TimeSpan.FromMilliseconds(1));
        return _test.Workspace.Runs.RequestAsync(new RunRequest("code", task) { Agent = agent, ParentRunId = parent?.Id }, Token);
    }

    private async Task<List<RunState>> StatesAsync(params Run[] runs)
    {
        var states = new List<RunState>();
        foreach (var run in runs)
        {
            states.Add((await _test.Workspace.Runs.GetAsync(run.Id, Token)).State);
        }

        return states;
    }
}
