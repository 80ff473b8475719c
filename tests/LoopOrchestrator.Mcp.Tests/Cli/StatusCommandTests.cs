using System.Text.Json;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class StatusCommandTests : IDisposable
{
    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Theory]
    [InlineData("status")]
    [InlineData("status", "--json")]
    [InlineData("runs", "list")]
    [InlineData("schedules", "list")]
    [InlineData("schedules", "history")]
    [InlineData("resume")]
    [InlineData("modes", "lint")]
    [InlineData("modes", "list")]
    [InlineData("memory", "show")]
    [InlineData("timing", "list")]
    [InlineData("timing", "stats")]
    [InlineData("todo", "list")]
    public async Task Looking_InAFolderWithoutState_ChangesNothing(params string[] arguments)
    {
        var before = _command.Workspace.Snapshot();

        var output = await _command.SucceedAsync(arguments);

        output.Should().NotBeEmpty();
        _command.Workspace.Snapshot().Should().Equal(before);
    }

    [Fact]
    public async Task Status_WithoutState_SaysSo() =>
        (await _command.SucceedProgramAsync("status")).Should().Contain("none yet").And.Contain("Servers").And.Contain("0 of 300 lines");

    [Fact]
    public async Task Status_WithAnActiveScheduleAndNoServer_NeedsAttentionFirst()
    {
        _command.WriteSchedule();

        var result = await _command.RunAsync("status");

        result.ExitCode.Should().Be(5);
        result.Output.Should().Contain("No server process fires schedules");
        result
            .Output.IndexOf("Needs attention", StringComparison.Ordinal)
            .Should()
            .BeLessThan(result.Output.IndexOf("Schedules", StringComparison.Ordinal));
        result.Output.Should().MatchRegex(@"plan +planning-priorities +every 10 minutes +at once, when a server runs");
    }

    [Fact]
    public async Task Status_AsOneLine_EndsAsTheWholeDoes()
    {
        (await _command.RunAsync("status", "--line"))
            .Should()
            .Match<ProcessResult>(result => result.ExitCode == 0 && result.Output == "loop: all well, 0 running\n");

        _command.WriteSchedule();

        (await _command.RunAsync("status", "--line"))
            .Should()
            .Match<ProcessResult>(result => result.ExitCode == 5 && result.Output == "loop: nothing fires, 1 needs you, 0 running\n");
        (await _command.RunAsync("status", "--line", "--json")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task Status_WithoutAServer_SaysFirstThatNothingFires()
    {
        _command.WriteSchedule();

        var result = await _command.RunAsync("status");

        result
            .Output.Should()
            .StartWith("Loop       Nothing fires: no server runs on this workspace. 0 of 0 due moments have an outcome.\n")
            .And.MatchRegex("Why not now\n  - schedule 'plan': no server runs on this workspace\n");
    }

    [Fact]
    public async Task Status_AsJson_IsTheAnswerOfTheTool()
    {
        _command.WriteSchedule();

        var result = await _command.RunAsync("status", "--json");

        result.ExitCode.Should().Be(5);
        using var document = JsonDocument.Parse(result.Output);
        document.RootElement.GetProperty("mode").GetString().Should().Be("command");
        document.RootElement.GetProperty("workspace").GetString().Should().Be(_command.Workspace.Root);
        document.RootElement.GetProperty("schedules")[0].GetProperty("id").GetString().Should().Be("plan");
        document.RootElement.GetProperty("attention").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Status_WithABrokenConfiguration_ShowsItAndAnswersAllTheSame()
    {
        _command.Workspace.Write("mcp_startup.json", "{ \"defaultAgent\": \"nobody\" }");

        var result = await _command.RunAsync("status");

        result.ExitCode.Should().Be(5);
        result.Output.Should().Contain("Workspace");
        result.Error.Should().Contain("mcp_startup.json:1:").And.Contain("nobody");
    }

    [Fact]
    public async Task Status_WithALiveServer_NamesIt()
    {
        _command.Workspace.Write("schedules.json", """{ "schedules": [] }""");
        await using var server = _command.StartServer();

        // Nothing but the server's start takes time here: a number of looks would be over before it.
        var output = await Eventually.FindAsync("the server in the status", async () =>
            (await _command.RunAsync("status")).Output is var text && text.Contains("fires schedules", StringComparison.Ordinal)
                ? text
                : null
        );

        output.Should().Contain($"process {server.Id}, stdio, not trusted").And.Contain("fires schedules");
    }

    [Fact]
    public async Task Command_InAFolderThatIsNone_IsRefused()
    {
        var result = await CommandLineHere.RunAsync("status", "--workspace", Path.Combine(_command.Workspace.Root, "missing"));

        result.ExitCode.Should().Be(3);
        result.Error.Should().Contain("does not exist").And.Contain("Nothing was changed");
    }
}
