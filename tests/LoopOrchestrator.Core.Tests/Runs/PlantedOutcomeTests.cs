using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>Outcomes of runs that their supervisors did not write.</summary>
public sealed class PlantedOutcomeTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Theory]
    [InlineData(null)]
    [InlineData("0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef")]
    public async Task Sweep_OutcomeOfARunThatGoesOn_DoesNotEndIt(string? secret)
    {
        var (run, folder) = await StartAsync();
        _test.Supervisors.ComeUp(run.Id);
        Plant(folder, secret);
        using (FileLock.TryAcquire(folder.SupervisorLock))
        {
            await _test.RunPassAsync();
        }

        await _test.RunPassAsync();
        (await GetAsync(run)).State.Should().Be(RunState.Running);

        _test.Supervisors.End(run.Id, exitCode: 5);
        await _test.RunPassAsync();
        (await GetAsync(run)).Should().Match<Run>(ended => ended.State == RunState.Failed && ended.ExitCode == 5 && !ended.IsUnverified);
    }

    [Fact]
    public async Task Sweep_OutcomeOfARunWhoseSupervisorDied_CountsForNothingAndIsKept()
    {
        var (run, folder) = await StartAsync();
        _test.Supervisors.Die(run.Id);
        Plant(folder, secret: null);

        await _test.RunPassAsync();

        var kept = Directory.EnumerateFiles(folder.FullPath, "outcome.json.*.foreign").Should().ContainSingle().Which;
        (await GetAsync(run))
            .Should()
            .Match<Run>(ended =>
                ended.State == RunState.Interrupted
                && ended.Reason!.Contains("its supervisor died")
                && ended.Reason.Contains(Path.GetFileName(kept))
            );
        (await File.ReadAllTextAsync(kept, Token)).Should().Contain("all is well");
    }

    [Fact]
    public async Task Sweep_RightOutcomeWhileItsSupervisorHoldsTheLock_CountsWhenItLetsGo()
    {
        var (run, folder) = await StartAsync();
        using (FileLock.TryAcquire(folder.SupervisorLock))
        {
            _test.Supervisors.ComeUp(run.Id);
            _test.Supervisors.End(run.Id);
            await _test.RunPassAsync();
            (await GetAsync(run)).State.Should().Be(RunState.Running, "its supervisor is not gone");
        }

        await _test.RunPassAsync();
        (await GetAsync(run)).State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task FileOfAnAgentsServer_WhichHasTheTokenToo_CanBeReadByItsUserOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        var agents = new Dictionary<string, AgentDefinition>(_test.Configuration.Agents, StringComparer.Ordinal)
        {
            ["claude"] = new()
            {
                Name = "claude",
                Kind = AgentKind.Cli,
                Preset = "claude",
                Command = ["sh"],
            },
        };
        _test.Configuration = _test.Configuration with { Agents = agents };
        var workspace = _test.Open(trusted: true);
        var run = await workspace.Runs.RequestAsync(new RunRequest("code", "work") { Agent = "claude" }, Token);

        await workspace.Loop.RunPassAsync(Token);

        File.GetUnixFileMode(new RunFolder(_test.Paths.Run(run.Id)).McpConfig).Should().Be(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Order_WhichHasTheTokenOfARun_CanBeReadByItsUserOnly()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Permissions of POSIX.");
        const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var (_, folder) = await StartAsync();
        var order = Path.Combine(folder.FullPath, "order.json");
        ModeOf(order).Should().Be(Private);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(order, Private | UnixFileMode.OtherRead);
        }

        DurableFile.ReplacePrivate(order, "{}"u8);

        ModeOf(order).Should().Be(Private, "whatever lies there");

        static UnixFileMode ModeOf(string file) => OperatingSystem.IsWindows() ? default : File.GetUnixFileMode(file);
    }

    [Fact]
    public async Task Order_ReadByAnybody_HoldsNothingThatMakesAnOutcome()
    {
        var (run, folder) = await StartAsync();
        var order = await File.ReadAllTextAsync(Path.Combine(folder.FullPath, "order.json"), Token);
        _test.Supervisors.End(run.Id);

        var secret = folder.ReadOutcome()!.Secret!;

        order.Should().NotContain(secret);
        (
            await _test.Workspace.Database.ReadAsync(
                static connection => connection.Query("SELECT secret_hash FROM attempts", static reader => reader.GetString(0)),
                Token
            )
        )
            .Should()
            .Equal(SupervisorStart.HashOf(secret));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Start_FolderOfItsNameIsThere_IsSetAsideAndTold(int attempt)
    {
        using var test = new TestWorkspace(new RunLimits { MaxAttempts = 2 });
        var run = await test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        if (attempt == 2)
        {
            await test.RunPassAsync();
            test.Supervisors.End(run.Id, exitCode: 1);
            await test.RunPassAsync();
        }

        var folder = RunFolder.Of(test.Paths.Run(run.Id), attempt);
        folder.Create();
        folder.Write(new SupervisorRecord(ProcessIdentity.Current.ToString()));
        Plant(folder, secret: null);
        await test.PassAfterAsync(TimeSpan.FromHours(1));

        var kept = Directory.EnumerateDirectories(test.Paths.SetAside).Should().ContainSingle().Which;
        new RunFolder(kept).ReadOutcome().Should().NotBeNull("nothing is lost");
        (await test.Workspace.Runs.DecisionsAsync(run.Id, Token))
            .Should()
            .Contain(decision => decision.Text.Contains(test.Paths.Display(kept)));
        (folder.ReadOutcome(), folder.ReadRecord()).Should().Be((null, null));
        test.Supervisors.End(run.Id, exitCode: 5);
        await test.RunPassAsync();
        (await test.Workspace.Runs.GetAsync(run.Id, Token)).ExitCode.Should().Be(5);
    }

    [Fact]
    public async Task Supervise_OrderOfAnotherStart_IsLeftAlone()
    {
        var folder = new RunFolder(Path.Combine(_test.Paths.Runs, "one"));
        folder.Create();
        folder.Write(TestAgents.Order() with { StartId = SupervisorStart.Create().Id });

        await new Supervisor(folder, TimeProvider.System, static _ => []).RunAsync(SupervisorStart.Create());

        folder.HasBegun.Should().BeFalse();
        folder.ReadOutcome().Should().BeNull();
    }

    private static void Plant(RunFolder folder, string? secret) =>
        folder.Write(
            TestAgents.Outcome(SupervisorEnd.Exited, 0) with
            {
                Reason = "it ended with exit code 0",
                OutputTail = "all is well",
                Secret = secret,
            }
        );

    private async Task<(Run Run, RunFolder Folder)> StartAsync()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await _test.RunPassAsync();
        return (run, new RunFolder(_test.Paths.Run(run.Id)));
    }

    private Task<Run> GetAsync(Run run) => _test.Workspace.Runs.GetAsync(run.Id, Token);
}
