using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>Releases and deployments are left to commands and people, and commits can be.</summary>
public sealed class CommandOnlyModesTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData("integration-release")]
    [InlineData("integration-deploy")]
    public async Task Request_AgentProgram_IsRefusedWithWhatToConfigure(string mode)
    {
        ((Dictionary<string, AgentDefinition>)_test.Configuration.Agents)["model"] = new()
        {
            Name = "model",
            Kind = AgentKind.Cli,
            Command = ["sh"],
        };

        var request = () => _test.Workspace.Runs.RequestAsync(new RunRequest(mode, "ship it") { Agent = "model" }, Token);

        await request
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage($"*{mode}*'model'*\"kind\": \"command\"*\"{mode}\": {{ \"agent\": \"ship\" }}*handoff*");
        (await _test.Workspace.Runs.RequestAsync(new RunRequest(mode, "ship it") { Agent = TestWorkspace.Checks }, Token))
            .AgentKind.Should()
            .Be(AgentKind.Command);
        (await _test.Workspace.Runs.RequestAsync(new RunRequest(mode, "ship it by hand") { Agent = "handoff" }, Token))
            .State.Should()
            .Be(RunState.Running);
        (await _test.Workspace.Runs.RequestAsync(new RunRequest("integration-commit", "commit it") { Agent = "model" }, Token))
            .AgentKind.Should()
            .Be(AgentKind.Cli);
    }

    [Fact]
    public async Task Commits_IsThisProgramOnTheWorkspace_WithTheTrustOfTheServer()
    {
        // Any program that is there on every system that tests run on.
        var self = Environment.ProcessPath!;
        _test.Supervisors.SelfCommand = [self, "first"];
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("integration-commit", "commit it") { Agent = "commits" }, Token);
        await _test.RunPassAsync();

        run.AgentKind.Should().Be(AgentKind.Command);
        var command = _test.Supervisors.Orders.Should().ContainSingle().Which.Command;
        command.Take(7).Should().Equal(self, "first", "--workspace", _test.Paths.Root, "--trust-workspace", "commit", "--apply");
        command
            .Skip(7)
            .Should()
            .Equal("--seen", TrustedList.DigestOf(CommitTrust.Entries(new CommitSettings(), _test.Configuration.FileName)));
    }

    [Fact]
    public void Commits_OtherConfigurationFileAndPush_AreHandedOn()
    {
        var configuration = new OrchestratorConfiguration
        {
            OtherFile = "/etc/loop.json",
            Commit = new CommitSettings { Push = true },
        };

        var agent = new AgentCatalog(configuration.AgentSettings).Find("commits")!;

        agent.SelfArguments.Should().Equal("--trust-workspace", "--config", "/etc/loop.json", "commit", "--apply");
        agent.PassEnvironment.Should().Contain("SSH_AUTH_SOCK");
        new AgentCatalog(new AgentSettings()).Find("commits")!.PassEnvironment.Should().BeEmpty();
    }
}
