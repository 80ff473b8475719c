using System.Text.Json;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Tests.Agents.Presets;

namespace LoopOrchestrator.Core.Tests.Agents;

public sealed class AgentCommandLineTests
{
    private static readonly AgentDefinition Claude = PresetCalls.Agent("claude");
    private static readonly AgentDefinition Custom = new()
    {
        Name = "own",
        Kind = AgentKind.Cli,
        Command = ["own", "run"],
        Arguments = ["--last"],
    };

    [Fact]
    public void Build_ClaudeWithoutLimits_IsExactlyThis()
    {
        var invocation = AgentCommandLine.Build(PresetCalls.Call(Claude, ModeGroup.Read));

        invocation
            .Arguments.Should()
            .Equal(
                "-p",
                "--output-format",
                "stream-json",
                "--verbose",
                "--session-id",
                PresetCalls.Session.ToString(),
                "--mcp-config",
                PresetCalls.Folder.McpConfig,
                "--allowedTools",
                "Read,Grep,Glob,mcp__loop__*"
            );
        invocation.BriefOnInput.Should().BeTrue();
    }

    [Theory]
    [InlineData("", "mcp__loop__*")]
    [InlineData("read", "Read,Grep,Glob,mcp__loop__*")]
    [InlineData("command", "Bash,mcp__loop__*")]
    [InlineData("mcp modes browser Edit", "mcp__loop__*")]
    [InlineData("read edit command", "Read,Grep,Glob,Edit,Write,NotebookEdit,Bash,mcp__loop__*")]
    [InlineData("edit edit", "Edit,Write,NotebookEdit,mcp__loop__*")]
    public void Build_ModeGroups_DecideTheTools(string groups, string tools)
    {
        var names = groups.Split(' ', StringSplitOptions.RemoveEmptyEntries);

        var invocation = AgentCommandLine.Build(PresetCalls.Call(Claude, names));

        invocation.After("--allowedTools").Should().Be(tools);
        invocation
            .Arguments.Contains("--permission-mode", StringComparer.Ordinal)
            .Should()
            .Be(names.Contains("edit", StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(@"\.md$", "Edit(./**/*.md),mcp__loop__*", false)]
    [InlineData("README", "Edit,Write,NotebookEdit,mcp__loop__*", true)]
    [InlineData(null, "Edit,Write,NotebookEdit,mcp__loop__*", true)]
    public void Build_ClaudeWithEdit_IsDeniedWhatSaysWhatIsExecuted(string? fileRegex, string tools, bool acceptsAll)
    {
        var call = PresetCalls.Call(Claude);
        call = call with { Mode = call.Mode with { Groups = [new ModeGroup(ModeGroup.Edit, fileRegex)] } };

        var invocation = AgentCommandLine.Build(call);

        invocation.After("--allowedTools").Should().Be(tools);
        invocation.Arguments.Contains("acceptEdits", StringComparer.Ordinal).Should().Be(acceptsAll);
        invocation
            .After("--disallowedTools")
            .Split(',')
            .Should()
            .Contain([
                "Edit(./schedules.json)",
                "Edit(./.roo/schedules.json)",
                "Edit(./mcp_startup.json)",
                "Edit(./.roomodes)",
                "Edit(./.loop/**)",
                "Edit(./.git/**)",
            ]);
    }

    [Fact]
    public void Build_ClaudeWithLimits_AsksForThem()
    {
        var agent = Claude with { Command = ["npx", "claude"], Model = "m", MaxTurns = 30, MaxBudgetUsd = 1.5, Arguments = ["--own"] };

        var invocation = AgentCommandLine.Build(PresetCalls.Call(agent, ModeGroup.Edit));

        AgentCommandLine.Program(agent).Should().Be("npx");
        invocation.Arguments[0].Should().Be("claude");
        invocation.Arguments[^1].Should().Be("--own");
        invocation.After("--permission-mode").Should().Be("acceptEdits");
        invocation.After("--model").Should().Be("m");
        invocation.After("--max-turns").Should().Be("30");
        invocation.After("--max-budget-usd").Should().Be("1.5");
    }

    [Fact]
    public void Build_CustomProgram_GetsTheBriefOnItsInput()
    {
        var invocation = AgentCommandLine.Build(PresetCalls.Call(Custom));

        invocation.Arguments.Should().Equal("run", "--last");
        invocation.BriefOnInput.Should().BeTrue();
    }

    [Fact]
    public void Build_PromptAsArgument_IsTheLastArgumentAndNotOnTheInput()
    {
        var invocation = AgentCommandLine.Build(PresetCalls.Call(Custom with { PromptAsArgument = true }));

        invocation.Arguments.Should().Equal("run", "--last", PresetCalls.Brief);
        invocation.BriefOnInput.Should().BeFalse();
    }

    /// <summary>An argument has a limit in bytes, and a brief one in characters.</summary>
    [Theory]
    [InlineData("x", 131_071, true)]
    [InlineData("x", 131_072, false)]
    [InlineData("測", 43_690, true)]
    [InlineData("測", 43_691, false)]
    public void Build_BriefAsArgument_IsAFileWhereItIsTooLong(string character, int count, bool isWhole)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the limit is another one there");
        var brief = string.Concat(Enumerable.Repeat(character, count));
        foreach (var agent in new[] { Custom with { PromptAsArgument = true }, PresetCalls.Agent("cline") })
        {
            var last = AgentCommandLine.Build(PresetCalls.Call(agent) with { Brief = brief }).Arguments[^1];

            (last == brief).Should().Be(isWhole);
            last.Contains(PresetCalls.Folder.Brief, StringComparison.Ordinal).Should().Be(!isWhole);
        }
    }

    [Fact]
    public void Build_Command_IsPassedAsItStandsWithoutInputAndWayBack()
    {
        var agent = new AgentDefinition
        {
            Name = "c",
            Kind = AgentKind.Command,
            Command = ["sh", "-c", "echo $HOME; \"x\""],
            PromptAsArgument = true,
            Preset = "claude",
        };

        var invocation = AgentCommandLine.Build(PresetCalls.Call(agent));

        invocation.Arguments.Should().Equal("-c", "echo $HOME; \"x\"");
        invocation.BriefOnInput.Should().BeFalse();
        invocation.Files.Should().BeEmpty();
    }

    [Theory]
    [InlineData(null, "claude")]
    [InlineData("/opt/claude", "/opt/claude")]
    public void Program_PresetWithAndWithoutCommand_IsTheCommandOrThePreset(string? command, string program) =>
        AgentCommandLine.Program(Claude with { Command = command is null ? [] : [command] }).Should().Be(program);

    [Theory]
    [InlineData("claude")]
    [InlineData(null)]
    public void Build_WayBack_HostileWorkspaceNameIsOneArgument(string? preset)
    {
        var invocation = AgentCommandLine.Build(PresetCalls.Call(Custom with { Preset = preset }));

        using var json = JsonDocument.Parse(invocation.Files[PresetCalls.Folder.McpConfig]);
        var server = json.RootElement.GetProperty("mcpServers").GetProperty("loop");
        server.GetProperty("type").GetString().Should().Be("stdio");
        server.GetProperty("command").GetString().Should().Be("/opt/loop");
        server
            .GetProperty("args")
            .EnumerateArray()
            .Select(item => item.GetString())
            .Should()
            .Equal("--mode", "stdio", "--workspace", PresetCalls.HostileWorkspace);
        server
            .GetProperty("env")
            .EnumerateObject()
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<JsonProperty>(variable => variable.Name == "LOOP_RUN_ID" && variable.Value.GetString() == "run-1");
    }
}
