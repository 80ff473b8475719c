using System.Diagnostics;
using System.Text.Json;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class CommitCommandTests : IDisposable
{
    private readonly CommandRun _command = new();

    public CommitCommandTests()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses a shell in its gates.");
        Git("init", "-q", "-b", "main");
        Git("config", "user.name", "A Tester");
        Git("config", "user.email", "tester@example.org");
        _command.Workspace.Write("src/search.py", "one\n");
        _command.Workspace.Write("tests/test_search.py", "one\n");
        _command.Workspace.Write("README.md", "# Mine\n");
    }

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Plan_IsShown_AndChangesNothing()
    {
        _command.Workspace.Write(".env", "X=1\n");
        var before = _command.Workspace.Snapshot();

        var output = await _command.SucceedAsync("commit");

        output
            .Should()
            .Contain("1. feat: add search with its tests")
            .And.MatchRegex(@"added +src/search\.py +\+1 -0")
            .And.Contain("2. docs: add README.md")
            .And.Contain(".env: files of this name hold credentials")
            .And.Contain("2 commit(s). 'commit --apply' makes them.");
        _command.Workspace.Snapshot().Should().Equal(before);
    }

    [Fact]
    public async Task Apply_NeedsTrust_AndTellsEachCommit()
    {
        (await _command.FailAsync("commit", "--apply")).Should().Contain("not trusted");
        Log().Should().BeEmpty();
        await _command.SucceedAsync("trust");

        var result = await _command.RunProgramAsync("commit", "--apply", "--message", "feat: search everything");

        result.ExitCode.Should().Be(0, result.Error);
        result.Error.Should().Contain("names no command");
        result
            .Output.Should()
            .MatchRegex("^[0-9a-f]{10} feat: search everything\n[0-9a-f]{10} docs: add README.md\n2 of 2 commit.s. made on main.\n$");
        Log().Should().Equal("docs: add README.md", "feat: search everything");
        (await _command.SucceedAsync("commit", "--apply")).Should().Contain("nothing to commit");
    }

    [Fact]
    public async Task Apply_GateThatFails_EndsWithOneAndKeepsWhatCameBefore()
    {
        Configure(
            """{ "commit": { "gate": [ { "name": "check", "command": ["sh", "-c", "git rev-parse -q --verify HEAD || exit 0; echo 3 of 9 failed; exit 7"] } ] } }"""
        );

        var result = await _command.RunAsync("--trust-workspace", "commit", "--apply");

        result.ExitCode.Should().Be(1);
        result
            .Error.Should()
            .MatchRegex(
                "3 of 9 failed\nerror: 'feat: add search with its tests' was not committed: the gate did not pass: check "
                    + "ended with exit code 7. 1 commit.s. before it stay."
            );
        Log().Should().Equal("chore(config): add mcp_startup.json");
    }

    [Fact]
    public async Task Json_HasThePlan_AndTheIdsOfWhatWasMade()
    {
        _command.Workspace.Write(".env", "X=1\n");
        using var plan = JsonDocument.Parse(await _command.SucceedAsync("commit", "--json"));
        plan.RootElement.GetProperty("commits")[0]
            .GetProperty("files")
            .EnumerateArray()
            .Select(static file => file.GetString())
            .Should()
            .Equal("src/search.py", "tests/test_search.py");
        plan.RootElement.GetProperty("left_out")[0].GetProperty("reason").GetString().Should().Be("credential");
        plan.RootElement.GetProperty("commits")[0].TryGetProperty("id", out _).Should().BeFalse();

        using var made = JsonDocument.Parse((await _command.RunAsync("--trust-workspace", "commit", "--apply", "--json")).Output);
        made.RootElement.GetProperty("commits")[1].GetProperty("id").GetString().Should().Be(Git("rev-parse", "HEAD").Trim());
        made.RootElement.GetProperty("branch").GetString().Should().Be("main");
    }

    [Fact]
    public async Task AgentCommits_CommitsInARun_BehindTheGateOfTheConfiguration()
    {
        Configure(
            """{ "modes": { "integration-commit": { "agent": "commits" } }, "commit": { "includeLiveFiles": false, "gate": [ { "command": ["sh", "-c", "test -n \"$LOOP_RUN_ID\" && echo asked >> .loop/asked"] } ] } }"""
        );
        Git("add", "-A");
        Git("commit", "-q", "-m", "before");
        _command.Workspace.Write("src/search.py", "two\n");
        await _command.SucceedAsync("trust");
        await using var server = _command.StartServer();

        var result = await _command.RunProgramAsync("run", "integration-commit", "Commit what is there", "--wait", "50");

        result.ExitCode.Should().Be(0, result.Error + result.Output);
        Log().Should().Equal("chore: change search", "before");
        _command.Workspace.Read(".loop/asked").Should().Be("asked\n");
    }

    private void Configure(string json) => _command.Workspace.Write("mcp_startup.json", json);

    private string[] Log() => Git("log", "--all", "--format=%s").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string Git(params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo("git", arguments)
            {
                WorkingDirectory = _command.Workspace.Root,
                UseShellExecute = false,
                RedirectStandardOutput = true,
            }
        )!;
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        process.ExitCode.Should().Be(0);
        return output;
    }
}
