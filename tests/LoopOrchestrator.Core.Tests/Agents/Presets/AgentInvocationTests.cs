using System.Text;
using System.Text.Json;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Agents.Presets;

public sealed class AgentInvocationTests
{
    private static readonly string Config = PresetCalls.Folder.McpConfig;
    private static readonly string GeminiHome = PresetCalls.Folder.Home;

    public static TheoryData<string> Presets => [.. AgentPresets.Names];

    [Fact]
    public void Codex_ReadOnlyMode_IsExactlyThis()
    {
        var invocation = AgentCommandLineOf("codex", "read");

        invocation
            .Arguments.Where((_, index) => index != 8)
            .Should()
            .Equal("exec", "--json", "--skip-git-repo-check", "-s", "read-only", "-c", "approval_policy=\"never\"", "-c", "-");
        invocation
            .Arguments[8]
            .Should()
            .Be(
                "mcp_servers.loop={command=\"/opt/loop\",args=[\"--mode\",\"stdio\",\"--workspace\",\"/a "
                    + "\\\"b\\\"\\u000A\\\\c $(x) 😀\"],env={\"LOOP_RUN_ID\"=\"run-1\"},"
                    + "default_tools_approval_mode=\"approve\",startup_timeout_sec=60,required=true}"
            );
        invocation.BriefOnInput.Should().BeTrue();
        AgentCommandLineOf("codex", "command").After("-s").Should().Be("workspace-write");
    }

    [Theory]
    [InlineData("opencode", "OPENCODE_CONFIG_CONTENT")]
    [InlineData("kilo", "KILO_CONFIG_CONTENT")]
    public void OpenCodeAndKilo_Configuration_HoldsServerAndPermissions(string preset, string variable)
    {
        var invocation = AgentCommandLineOf(preset, "read", "edit");

        invocation.Arguments.Should().Equal("run", "--format", "json");
        invocation.BriefOnInput.Should().BeTrue();
        using var configuration = JsonDocument.Parse(invocation.Environment.Should().ContainSingle().Which.Value);
        invocation.Environment.Keys.Should().Equal(variable);
        var server = configuration.RootElement.GetProperty("mcp").GetProperty("loop");
        server
            .GetProperty("command")
            .EnumerateArray()
            .Select(static item => item.GetString())
            .Should()
            .Equal("/opt/loop", "--mode", "stdio", "--workspace", PresetCalls.HostileWorkspace);
        server.GetProperty("environment").GetProperty("LOOP_RUN_ID").GetString().Should().Be("run-1");
        configuration.RootElement.GetProperty("permission").GetProperty("edit").GetProperty("*").GetString().Should().Be("allow");
        configuration.RootElement.GetProperty("permission").GetProperty("bash").GetString().Should().Be("deny");
    }

    [Theory]
    [InlineData("read", "default", "replace write_file run_shell_command")]
    [InlineData("edit", "auto_edit", "run_shell_command")]
    [InlineData("command", "yolo", "replace write_file")]
    [InlineData("edit command", "yolo", "")]
    public void Gemini_ModeGroups_DecideApprovalAndTools(string groups, string approval, string excluded)
    {
        var invocation = AgentCommandLineOf("gemini", groups.Split(' '));

        invocation.Arguments.Take(5).Should().Equal("-o", "stream-json", "--skip-trust", "--approval-mode", approval);
        invocation
            .Arguments.Contains("--admin-policy", StringComparer.Ordinal)
            .Should()
            .Be(groups.Contains("edit", StringComparison.Ordinal));
        invocation.Environment.Should().Equal(new Dictionary<string, string>(StringComparer.Ordinal) { ["GEMINI_CLI_HOME"] = GeminiHome });
        using var settings = JsonDocument.Parse(invocation.Files[Path.Combine(GeminiHome, ".gemini", "settings.json")]);
        settings.RootElement.GetProperty("mcpServers").GetProperty("loop").GetProperty("trust").GetBoolean().Should().BeTrue();
        string.Join(' ', settings.RootElement.GetProperty("tools").GetProperty("exclude").EnumerateArray()).Should().Be(excluded);
    }

    /// <summary>
    /// It reads no file of the system's settings for any user but root, so the user's own are handed over with ours among them.
    /// </summary>
    [Theory]
    [InlineData(null, "exclude=replace write_file run_shell_command servers=loop")]
    [InlineData("not JSON", "exclude=replace write_file run_shell_command servers=loop")]
    [InlineData(
        """{"security":{"auth":{"selectedType":"oauth"}}, /* mine */ "tools":{"exclude":["web_fetch"]},"mcpServers":{"mine":{"command":"m"},"loop":{"command":"theirs"}},}""",
        "exclude=web_fetch replace write_file run_shell_command servers=mine loop auth=oauth"
    )]
    public void Gemini_HomeOfTheUser_StandsWithOursInItsSettings(string? settings, string expected)
    {
        using var home = new TemporaryFolder();
        Directory.CreateDirectory(home.File(".gemini"));
        File.WriteAllText(home.File(".gemini/oauth_creds.json"), "{}");
        if (settings is not null)
        {
            File.WriteAllText(home.File(".gemini/settings.json"), settings);
        }

        var agent = PresetCalls.Agent("gemini") with
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["HOME"] = home.FullPath, ["GEMINI_CLI_HOME"] = "" },
        };
        var invocation = AgentCommandLine.Build(PresetCalls.Call(agent, "read"));

        invocation.Home.Should().Be(GeminiHome, "it holds what signs the user in");
        invocation
            .Links.Should()
            .Equal(
                new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    [Path.Combine(GeminiHome, ".gemini", "oauth_creds.json")] = home.File(".gemini/oauth_creds.json"),
                }
            );
        using var merged = JsonDocument.Parse(invocation.Files[Path.Combine(GeminiHome, ".gemini", "settings.json")]);
        var root = merged.RootElement;
        var servers = root.GetProperty("mcpServers");
        servers.GetProperty("loop").GetProperty("command").GetString().Should().Be("/opt/loop");
        var auth = root.TryGetProperty("security", out var security)
            ? $" auth={security.GetProperty("auth").GetProperty("selectedType")}"
            : "";
        $"exclude={string.Join(' ', root.GetProperty("tools").GetProperty("exclude").EnumerateArray())} "
            .Should()
            .Be($"{expected.Split("servers=")[0]}");
        $"servers={string.Join(' ', servers.EnumerateObject().Select(static server => server.Name))}{auth}"
            .Should()
            .Be($"servers={expected.Split("servers=")[1]}");
    }

    [Theory]
    [InlineData("read", "default", "edit write_file run_shell_command")]
    [InlineData("edit", "auto-edit", "run_shell_command")]
    [InlineData("edit command", "yolo", "")]
    public void Qwen_ModeGroups_DecideApprovalAndTools(string groups, string approval, string excluded)
    {
        var invocation = AgentCommandLineOf("qwen", groups.Split(' '));

        invocation.After("--approval-mode").Should().Be(approval);
        invocation.Arguments.Should().NotContain("--session-id", "it refuses ids that sort by time");
        invocation.After("--mcp-config").Should().Be(Config);
        string.Join(
                ' ',
                invocation
                    .Arguments.Where((_, index) => index > 0 && invocation.Arguments[index - 1] == "--exclude-tools")
                    .Where(static tool => !tool.StartsWith("Edit(", StringComparison.Ordinal))
            )
            .Should()
            .Be(excluded);
    }

    [Theory]
    [InlineData("read", "write shell")]
    [InlineData("edit", "shell")]
    [InlineData("edit command", "")]
    public void Copilot_ModeGroups_DenyTools(string groups, string denied)
    {
        var invocation = AgentCommandLineOf("copilot", groups.Split(' '));

        invocation
            .Arguments.Take(7)
            .Should()
            .Equal(
                "--output-format",
                "json",
                "--session-id",
                PresetCalls.Session.ToString(),
                "--additional-mcp-config",
                "@" + Config,
                "--allow-all-tools"
            );
        string.Join(
                ' ',
                invocation
                    .Arguments.Where((_, index) => invocation.Arguments[Math.Max(0, index - 1)] == "--deny-tool")
                    .Where(static tool => !tool.StartsWith("write(", StringComparison.Ordinal))
            )
            .Should()
            .Be(denied);
        invocation.BriefOnInput.Should().BeTrue();
    }

    [Fact]
    public void Cline_Brief_IsOneArgumentThatCannotBeAnOption()
    {
        var invocation = AgentCommandLineOf("cline", "edit");

        invocation.Arguments.Should().Equal("--json", "--auto-approve", "true", "-t", "77", "--", PresetCalls.Brief);
        invocation.BriefOnInput.Should().BeFalse();
        invocation.Environment["CLINE_MCP_SETTINGS_PATH"].Should().Be(Config);
        AgentCommandLineOf("cline", "read").Arguments.Should().Contain("-p");
    }

    [Fact]
    public void Aider_Brief_IsAFile()
    {
        var invocation = AgentCommandLineOf("aider", "edit");

        invocation.After("--message-file").Should().Be(PresetCalls.Folder.Brief);
        invocation.BriefOnInput.Should().BeFalse();
        invocation.Arguments.Should().NotContain("--dry-run");
        AgentCommandLineOf("aider", "read").Arguments.Should().Contain("--dry-run");
        AgentPresets.Find("aider")!.HasEvents.Should().BeFalse();
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_ModelAndOwnArguments_AreGivenAndTheBriefIsNoArgumentBesideCline(string preset)
    {
        var agent = PresetCalls.Agent(preset) with { Command = ["npx", "the-cli"], Model = "m-1", Arguments = ["--own"], MaxTurns = 9 };

        var invocation = Core.Agents.AgentCommandLine.Build(PresetCalls.Call(agent, "read"));

        invocation.Arguments[0].Should().Be("the-cli");
        invocation.Arguments.Should().ContainInOrder("m-1", "--own");
        invocation
            .Arguments.Any(static argument =>
                argument.Contains("brief", StringComparison.Ordinal) && !argument.EndsWith("brief.md", StringComparison.Ordinal)
            )
            .Should()
            .Be(preset == "cline");
    }

    [Theory]
    [MemberData(nameof(Presets))]
    public void Every_WayBack_NamesTheRun(string preset)
    {
        var invocation = AgentCommandLineOf(preset, "read");

        var all = string.Join(
            '\n',
            [.. invocation.Arguments, .. invocation.Environment.Values, .. invocation.Files.Values.Select(Encoding.UTF8.GetString)]
        );
        all.Contains("run-1", StringComparison.Ordinal).Should().Be(preset != "aider", "aider has no MCP client");
    }

    private static AgentInvocation AgentCommandLineOf(string preset, params string[] groups) => PresetCalls.Build(preset, groups);
}
