using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>
/// An agent that its model's service refuses, or that cannot reach it: one run shows it, and the others wait until a person has done
/// something.
/// </summary>
public sealed class AgentHoldTests : IDisposable
{
    private readonly TestWorkspace _test = new(new RunLimits { MaxAttempts = 3, FailuresToEscalate = 2 });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Runs_OfAnAgentWithoutAService_WaitWithOneWhyUntilItIsResumed()
    {
        var first = await RefusedAsync();
        var second = await AskAsync();
        var other = await AskAsync(TestWorkspace.Checks);
        await _test.PassAfterAsync(TimeSpan.FromHours(2));

        first.Should().Match<Run>(static run => run.State == RunState.Failed && run.Failure == RunFailure.Service && run.Attempt == 1);
        (await GetAsync(second)).State.Should().Be(RunState.Queued);
        (await GetAsync(other)).State.Should().Be(RunState.Running, "another agent has nothing to do with it");
        var held = (await _test.Workspace.Runs.HeldAgentsAsync(Token)).Should().ContainSingle().Which;
        (await _test.Workspace.Runs.WhyHeldAsync(second, Token)).Should().Be(held.WhyHeld);
        held.WhyHeld.Should().Contain($"in run {first.Id} no answer of a model").And.Contain("resume --agent program");
        var status = await _test.Workspace.Status.ReadAsync(Token);
        status.Attention.Should().ContainSingle(static line => line.Contains("Agent 'program'")).Which.Should().Contain("1 of them wait");
        (await _test.Workspace.Escalations.ListAsync(all: true, 10, Token)).Should().BeEmpty();

        _test.Restart();
        await _test.PassAfterAsync(TimeSpan.FromSeconds(1));
        (await GetAsync(second)).State.Should().Be(RunState.Queued, "a restart is no person");

        (await _test.Workspace.Runs.ResumeAgentAsync(TestWorkspace.Program, Token)).Should().BeTrue();
        await _test.PassAfterAsync(TimeSpan.FromSeconds(1));
        (await GetAsync(second)).State.Should().Be(RunState.Running);
        (await _test.Workspace.Runs.ResumeAgentAsync(TestWorkspace.Program, Token)).Should().BeFalse();
    }

    [Fact]
    public async Task Runs_OfAnAgentWhoseEntryHasChanged_GoOn()
    {
        await RefusedAsync();
        var second = await AskAsync();
        await _test.RunPassAsync();
        (await GetAsync(second)).State.Should().Be(RunState.Queued);

        var agents = new Dictionary<string, AgentDefinition>(_test.Configuration.Agents, StringComparer.Ordinal);
        agents[TestWorkspace.Program] = agents[TestWorkspace.Program] with { Model = "another" };
        _test.Configuration = _test.Configuration with { Agents = agents };
        _test.Restart();
        await _test.PassAfterAsync(TimeSpan.FromSeconds(1));

        (await GetAsync(second)).State.Should().Be(RunState.Running);
        (await _test.Workspace.Runs.HeldAgentsAsync(Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task Resume_OfAnUnknownAgent_SaysWhichThereAre() =>
        (
            await FluentActions
                .Invoking(() => _test.Workspace.Runs.ResumeAgentAsync("nobody", Token))
                .Should()
                .ThrowAsync<UserErrorException>()
        ).WithMessage("There is no agent 'nobody'. Agents here: handoff, commits, checks, program.");

    private async Task<Run> RefusedAsync()
    {
        var run = await AskAsync();
        await _test.RunPassAsync();
        _test.Supervisors.End(
            run.Id,
            new SupervisorOutcome
            {
                End = SupervisorEnd.NoService,
                Reason = "no answer of a model was seen",
                EndedAt = _test.Now,
            }
        );
        await _test.RunPassAsync();
        return await GetAsync(run);
    }

    private Task<Run> AskAsync(string agent = TestWorkspace.Program) =>
        _test.Workspace.Runs.RequestAsync(new RunRequest("code", "do it") { Agent = agent }, Token);

    private Task<Run> GetAsync(Run run) => _test.Workspace.Runs.GetAsync(run.Id, Token);
}
