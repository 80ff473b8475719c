using System.Text.Json;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary><c>install</c>, <c>uninstall</c> and what <c>doctor</c> says of entries.</summary>
public sealed class ClientCommandTests : IDisposable
{
    private const string Program = "/opt/loop-orchestrator";
    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Fact]
    [Trait("kind", "smoke")]
    public async Task Install_ByTheProgram_WritesAnEntryThatAnswersAndUninstallBringsTheFileBack()
    {
        using var home = new TemporaryFolder();
        const string Before = "{\n  \"numStartups\": 3\n}";
        var file = home.File(".claude.json");
        await File.WriteAllTextAsync(file, Before, TestContext.Current.CancellationToken);

        var installed = await RunAsync(home, "install", "claude", "--yes", "--json");

        installed.ExitCode.Should().Be(0, installed.Error);
        using var answer = JsonDocument.Parse(installed.Output);
        var check = answer.RootElement.GetProperty("check");
        check.GetProperty("ok").GetBoolean().Should().BeTrue(installed.Output);
        check.GetProperty("tools").GetInt32().Should().Be(20);
        check.GetProperty("first_answer_ms").GetDouble().Should().BePositive();
        using var written = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        var entry = written.RootElement.GetProperty("mcpServers").GetProperty("loop");
        Path.GetFileName(entry.GetProperty("command").GetString()).Should().StartWith("loop-orchestrator");
        entry
            .GetProperty("args")
            .EnumerateArray()
            .Select(static word => word.GetString())
            .Should()
            .Equal("--mode", "stdio", "--workspace", _command.Workspace.Root);
        File.Exists(home.File(".claude/skills/loop/SKILL.md")).Should().BeTrue();

        (await RunAsync(home, "uninstall", "claude", "--yes")).ExitCode.Should().Be(0);

        (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken)).Should().Be(Before);
        Directory.Exists(home.File(".claude")).Should().BeFalse();
    }

    [Fact]
    public async Task Install_WithoutATerminal_ChangesNothingUntilYesIsSaid()
    {
        var file = _command.Workspace.Write(".cursor/mcp.json", "{}");

        var asked = await InstallAsync("cursor");

        asked.ExitCode.Should().Be(2);
        asked.Output.Should().Contain(file).And.Contain("+ ").And.Contain(Program);
        asked.Error.Should().Contain("nothing was changed").And.Contain("--yes").And.Contain("--dry-run");
        _command.Workspace.Read(".cursor/mcp.json").Should().Be("{}");
        var dry = await InstallAsync("cursor", "--dry-run");
        dry.ExitCode.Should().Be(0);
        dry.Output.Should().Contain("Nothing was changed.");
        _command.Workspace.Read(".cursor/mcp.json").Should().Be("{}");

        var done = await InstallAsync("cursor", "--yes");

        done.ExitCode.Should().Be(0, done.Error);
        done.Output.Should().Contain("changed   " + file).And.Contain("as it was: ").And.Contain("Next: ");
        _command.Workspace.Read(".cursor/mcp.json").Should().Contain(Program);
        (await InstallAsync("cursor")).Output.Should().Contain("nothing to do");
        (await _command.SucceedAsync("uninstall", "cursor", "--scope", "project", "--yes")).Should().Contain("restored  " + file);
        _command.Workspace.Read(".cursor/mcp.json").Should().Be("{}");
    }

    [Fact]
    public async Task Install_AProgramThatIsNoServer_EndsWithOneAndSaysHowToTakeItOut()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no such program there.");

        (await _command.FailAsync("install", "gemini", "--scope", "project", "--yes", "--program", "/bin/true"))
            .Should()
            .Contain("started as Gemini CLI will start it")
            .And.Contain("uninstall gemini --scope project");
        (await _command.FailAsync("install", "qwen", "--scope", "project", "--yes", "--program", "/gone/away"))
            .Should()
            .Contain("/gone/away cannot be started");
    }

    [Fact]
    public async Task Install_AnAddress_IsThatOfTheWorkspaceAndNamesTheVariableWhereThereIsAToken()
    {
        _command.Workspace.Write("mcp_startup.json", """{"port": 8123}""");
        using var outside = new TemporaryFolder();
        var token = outside.File("token");
        await File.WriteAllTextAsync(token, "0123456789abcdef0123", TestContext.Current.CancellationToken);
        var own = outside.File("own.json");
        await File.WriteAllTextAsync(own, $$"""{"port": 8124, "tokenFile": "{{token}}"}""", TestContext.Current.CancellationToken);

        (await _command.SucceedAsync("install", "codex", "--scope", "project", "--http", "--yes")).Should().NotContain("LOOP_TOKEN");
        _command.Workspace.Read(".codex/config.toml").Should().Contain("url = \"http://127.0.0.1:8123/mcp\"").And.NotContain("bearer");

        var output = await _command.SucceedAsync("install", "codex", "--scope", "project", "--http", "--yes", "--config", own);

        output.Should().Contain("Set LOOP_TOKEN");
        _command
            .Workspace.Read(".codex/config.toml")
            .Should()
            .Contain("8124")
            .And.Contain("bearer_token_env_var = \"LOOP_TOKEN\"")
            .And.NotContain("0123456789abcdef0123");
        (await _command.FailAsync("install", "claude-desktop", "--http", "--dry-run")).Should().Contain("stdio");
        (await _command.FailAsync("install", "cline", "--http", "--token-variable", "X", "--dry-run")).Should().Contain("as it is written");
        _command.Workspace.Write("mcp_startup.json", """{"port": 0}""");
        (await _command.FailAsync("install", "codex", "--http", "--dry-run")).Should().Contain("--url");
    }

    [Fact]
    public async Task Install_AnAddressWhereTheUserHasTokens_NamesTheVariable()
    {
        using var home = new TemporaryFolder();
        Directory.CreateDirectory(home.File("settings/loop-orchestrator"));
        await File.WriteAllTextAsync(home.File("settings/loop-orchestrator/tokens.json"), "{}", TestContext.Current.CancellationToken);

        var shown = await RunAsync(home, "install", "codex", "--http", "--dry-run");

        shown.Output.Should().Contain("bearer_token_env_var = \"LOOP_TOKEN\"", shown.Error);
    }

    [Fact]
    public async Task Doctor_AnEntryOfOursWhoseProgramIsGone_IsToldWithTheCommandThatMendsIt()
    {
        const string Gone = "/gone/loop-orchestrator";
        await _command.SucceedAsync("install", "opencode", "--scope", "project", "--yes", "--no-check", "--program", Gone);

        (await _command.RunAsync("doctor"))
            .Output.ReplaceLineEndings(" ")
            .Should()
            .Contain("OpenCode has an entry 'loop'")
            .And.Contain("starts /gone/loop-orchestrator")
            .And.Contain("loop-orchestrator install opencode --scope project");
    }

    private Task<ProcessResult> InstallAsync(string client, params string[] more) =>
        _command.RunAsync(["install", client, "--scope", "project", "--program", Program, "--no-check", .. more]);

    private Task<ProcessResult> RunAsync(TemporaryFolder home, params string[] arguments) =>
        ServerProcess.RunAsync(
            new ServerStart(_command.Workspace.Root, arguments)
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["HOME"] = home.FullPath,
                    ["XDG_CONFIG_HOME"] = home.File("settings"),
                },
            }
        );
}
