using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>What the supervisor of a run is given by the program that it starts.</summary>
public sealed class RunLauncherTests : IDisposable
{
    private readonly TemporaryFolder _user = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _user.Dispose();

    // The limits of the configuration, and that of the first answer that is held.
    [Theory]
    [InlineData("opencode", null, null, 300)]
    [InlineData("opencode", 30, null, 300)]
    [InlineData("opencode", 30, 900, 900)]
    [InlineData("claude", 30, 900, null)]
    public async Task Launch_LimitsOfFirstOutputAndFirstAnswer_AreEachTheirOwn(string preset, int? output, int? answer, int? held)
    {
        using var test = Open(preset, new RunLimits { FirstOutputSeconds = output, FirstAnswerSeconds = answer });

        await AskAsync(test);

        var order = test.Supervisors.Orders.Should().ContainSingle().Which;
        (order.FirstOutputSeconds, order.FirstAnswerSeconds).Should().Be((output, held));
    }

    [Fact]
    public async Task Launch_ProgramWithAHomeOfTheRun_IsAloneInItAndLeavesNothingBehind()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Not every user may make links there.");
        Directory.CreateDirectory(_user.File(".gemini"));
        await File.WriteAllTextAsync(_user.File(".gemini/oauth_creds.json"), "the user's", Token);
        using var test = Open("gemini", new RunLimits { MaxAttempts = 1 });
        var run = await AskAsync(test);
        var home = test.Supervisors.Orders.Should().ContainSingle().Which.Environment["GEMINI_CLI_HOME"];
        home.Should().StartWith(test.Paths.Run(run.Id), "that of the configuration is the user's");
        if (!OperatingSystem.IsWindows())
        {
            File.GetUnixFileMode(home).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var renewed = Path.Combine(home, ".gemini", "oauth_creds.json");
        (await File.ReadAllTextAsync(renewed, Token)).Should().Be("the user's");
        File.Delete(renewed);
        await File.WriteAllTextAsync(renewed, "renewed by the program", Token);

        test.Supervisors.End(run.Id, exitCode: 1);
        await test.RunPassAsync();

        (await test.Workspace.Runs.GetAsync(run.Id, Token)).State.Should().Be(RunState.Failed);
        Directory.Exists(home).Should().BeFalse("what signs the user in is in it");
        File.Exists(Path.Combine(Path.GetDirectoryName(home)!, "outcome.json")).Should().BeTrue();
        (await File.ReadAllTextAsync(_user.File(".gemini/oauth_creds.json"), Token)).Should().Be("the user's");
    }

    private TestWorkspace Open(string preset, RunLimits limits)
    {
        var test = new TestWorkspace(limits);
        var agents = new Dictionary<string, AgentDefinition>(test.Configuration.Agents, StringComparer.Ordinal);
        agents[TestWorkspace.Program] = agents[TestWorkspace.Program] with
        {
            Preset = preset,
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["GEMINI_CLI_HOME"] = _user.FullPath },
        };
        test.Configuration = test.Configuration with { Agents = agents };
        test.Restart();
        return test;
    }

    private static async Task<Run> AskAsync(TestWorkspace test)
    {
        var run = await test.Workspace.Runs.RequestAsync(new RunRequest("code", "do it") { Agent = TestWorkspace.Program }, Token);
        await test.RunPassAsync();
        return run;
    }
}
