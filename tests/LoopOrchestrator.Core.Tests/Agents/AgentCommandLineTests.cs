using System.Text.Json;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Tests.Agents;

public sealed class AgentCommandLineTests
{
    private const string Brief = "--dangerous # the brief";

    private static readonly RunFolder Folder = new("/runs/r");
    private static readonly Guid Session = new("11111111-2222-3333-4444-555555555555");
    private static readonly AgentDefinition Claude = new() { Name = "claude", Kind = AgentKind.Cli, Preset = "claude" };
    private static readonly AgentDefinition Custom = new() { Name = "own", Kind = AgentKind.Cli, Command = ["own", "run"], Arguments = ["--last"] };

    [Fact]
    public void Build_ClaudeWithoutLimits_IsExactlyThis()
    {
        var (arguments, briefOnInput, events) = AgentCommandLine.Build(Claude, TestAgents.Mode(ModeGroup.Read), Brief, Folder, Session);

        arguments.Should().Equal(
            "-p", "--output-format", "stream-json", "--verbose", "--session-id", Session.ToString(), "--mcp-config", Folder.McpConfig, "--allowedTools", "Read,Grep,Glob,mcp__loop__*");
        briefOnInput.Should().BeTrue();
        events.Should().Be(ClaudeEvents.Name);
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

        var (arguments, _, _) = AgentCommandLine.Build(Claude, TestAgents.Mode(names), Brief, Folder, Session);

        After(arguments, "--allowedTools").Should().Be(tools);
        arguments.Contains("--permission-mode", StringComparer.Ordinal).Should().Be(names.Contains("edit", StringComparer.Ordinal));
    }

    [Fact]
    public void Build_ClaudeWithLimits_AsksForThem()
    {
        var agent = Claude with { Command = ["npx", "claude"], Model = "m", MaxTurns = 30, MaxBudgetUsd = 1.5, Arguments = ["--own"] };

        var (arguments, _, _) = AgentCommandLine.Build(agent, TestAgents.Mode(ModeGroup.Edit), Brief, Folder, Session);

        AgentCommandLine.Program(agent).Should().Be("npx");
        arguments[0].Should().Be("claude");
        arguments[^1].Should().Be("--own");
        After(arguments, "--permission-mode").Should().Be("acceptEdits");
        After(arguments, "--model").Should().Be("m");
        After(arguments, "--max-turns").Should().Be("30");
        After(arguments, "--max-budget-usd").Should().Be("1.5");
    }

    [Fact]
    public void Build_NotAskedToPassTheBrief_HasNoneOfItAmongArguments()
    {
        AgentDefinition[] agents = [Claude, Custom, new() { Name = "c", Kind = AgentKind.Command, Command = ["sh", "-c", "true"], PromptAsArgument = true }];

        agents.SelectMany(agent => AgentCommandLine.Build(agent, TestAgents.Mode(), Brief, Folder, Session).Arguments)
            .Should().NotContain(argument => argument.Contains("brief", StringComparison.Ordinal));
    }

    [Fact]
    public void Build_CustomProgram_GetsTheBriefOnItsInput()
    {
        var (arguments, briefOnInput, events) = AgentCommandLine.Build(Custom, TestAgents.Mode(), Brief, Folder, Session);

        arguments.Should().Equal("run", "--last");
        briefOnInput.Should().BeTrue();
        events.Should().BeNull();
    }

    [Fact]
    public void Build_PromptAsArgument_IsTheLastArgumentAndNotOnTheInput()
    {
        var (arguments, briefOnInput, _) = AgentCommandLine.Build(Custom with { PromptAsArgument = true }, TestAgents.Mode(), Brief, Folder, Session);

        arguments.Should().Equal("run", "--last", Brief);
        briefOnInput.Should().BeFalse();
    }

    [Fact]
    public void Build_Command_IsPassedAsItStands()
    {
        var (arguments, briefOnInput, events) = AgentCommandLine.Build(
            new() { Name = "c", Kind = AgentKind.Command, Command = ["sh", "-c", "echo $HOME; \"x\""] }, TestAgents.Mode(), Brief, Folder, Session);

        arguments.Should().Equal("-c", "echo $HOME; \"x\"");
        (briefOnInput, events).Should().Be((false, null));
    }

    [Theory]
    [InlineData(null, "claude")]
    [InlineData("/opt/claude", "/opt/claude")]
    public void Program_PresetWithAndWithoutCommand_IsTheCommandOrThePreset(string? command, string program) =>
        AgentCommandLine.Program(Claude with { Command = command is null ? [] : [command] }).Should().Be(program);

    [Fact]
    public void McpConfig_HostileWorkspaceName_IsOneArgument()
    {
        const string workspace = "/a \"b\"\n\\c";

        using var json = JsonDocument.Parse(AgentCommandLine.McpConfig(["dotnet", "server.dll"], workspace, TestAgents.Run()));

        var server = json.RootElement.GetProperty("mcpServers").GetProperty("loop");
        server.GetProperty("type").GetString().Should().Be("stdio");
        server.GetProperty("command").GetString().Should().Be("dotnet");
        server.GetProperty("args").EnumerateArray().Select(item => item.GetString()).Should().Equal("server.dll", "--mode", "stdio", "--workspace", workspace);
        server.GetProperty("env").EnumerateObject().Should().ContainSingle().Which.Should().Match<JsonProperty>(variable => variable.Name == "LOOP_RUN_ID" && variable.Value.GetString() == "run-20260302-000000-00000001");
    }

    private static string After(IReadOnlyList<string> arguments, string option) => arguments[arguments.ToList().IndexOf(option) + 1];
}
