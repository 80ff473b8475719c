using System.Text.Json;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary><c>--info</c>, <c>status</c> and <c>doctor</c> say the same of a workspace, and end alike.</summary>
public sealed class AgreementTests : IDisposable
{
    private const string Ghost =
        """{"schedules":[{"id":"g","name":"g","mode":"Orchestrator","taskInstructions":"x","timeInterval":"1","timeUnit":"day","active":true}]}""";

    private readonly CommandRun _command = new();

    public void Dispose() => _command.Dispose();

    [Theory]
    [InlineData("empty", 0, "")]
    [InlineData("a mode that does not exist", 5, "schedules.json:1:43: error: schedule 'g' names mode 'Orchestrator'")]
    [InlineData("an inactive one of it", 0, "")]
    [InlineData("a note", 0, "")]
    [InlineData("a mode of the configuration", 5, "1 error(s)")]
    [InlineData("an agent that is missing", 5, "Agent 'gone' cannot be used: its program '/nowhere/gone' was not found")]
    [InlineData("no word of trust", 5, "Agent 'shell' cannot be used: the workspace is not trusted")]
    [InlineData("a folder for a file", 5, "1 error(s)")]
    [InlineData("work that failed", 5, "Since yesterday 1 failed: run-")]
    [InlineData("an escalation", 5, "Escalation 1: ")]
    public async Task Commands_AboutAState_AgreeAndEndAlike(string state, int expected, string attention)
    {
        await MakeAsync(state);

        var status = await _command.RunAsync("status");
        var doctor = await _command.RunAsync("doctor", "--json");
        var info = await _command.RunAsync("--info", "--mode", "stdio");

        (status.ExitCode, doctor.ExitCode, info.ExitCode).Should().Be((expected, expected, expected), status.Output);
        using var asJson = JsonDocument.Parse((await _command.RunAsync("status", "--json")).Output);
        using var problems = JsonDocument.Parse(doctor.Output);
        using var told = JsonDocument.Parse(info.Output);
        var lines = Lines(asJson.RootElement, "attention");
        Lines(problems.RootElement, "problems").Should().Equal(lines);
        Lines(told.RootElement, "attention").Should().Equal(lines);
        if (expected == 5)
        {
            string.Join('\n', lines).Should().Contain(attention);
            status.Output.Should().Contain(attention);
        }
    }

    [Fact]
    public async Task Findings_OfModesThatDoNotExist_HaveTheirPlaceEverywhere()
    {
        _command.Workspace.Write("schedules.json", Ghost);
        _command.Workspace.Write("mcp_startup.json", "{\n  \"modes\": { \"cod\": { \"agent\": \"handoff\" } } }");

        foreach (
            var arguments in (string[][])
                [
                    ["--info", "--mode", "stdio"],
                    ["status"],
                    ["doctor"],
                ]
        )
        {
            (await _command.RunAsync(arguments))
                .Output.Should()
                .Contain("schedules.json:1:43: error: schedule 'g' names mode 'Orchestrator', which there is not, so it starts nothing")
                .And.Contain("nearest: orchestrator")
                .And.Contain("mcp_startup.json:2:14: error: modes.cod: there is no such mode")
                .And.Contain("nearest: code");
        }

        (await _command.RunAsync("schedules", "list")).Error.Should().Contain("schedules.json:1:43: error:");
    }

    private static List<string?> Lines(JsonElement element, string name) =>
        [.. element.GetProperty(name).EnumerateArray().Select(static line => line.GetString())];

    private async Task MakeAsync(string state)
    {
        switch (state)
        {
            case "a mode that does not exist":
                _command.Workspace.Write("schedules.json", Ghost);
                break;
            case "an inactive one of it":
                _command.Workspace.Write("schedules.json", Ghost.Replace("true", "false", StringComparison.Ordinal));
                break;
            case "a note":
                _command.Workspace.Write(
                    ".roomodes",
                    "customModes:\n  - slug: own\n    name: Own\n    roleDefinition: You.\n    groups: [read, browser]\n"
                );
                break;
            case "a mode of the configuration":
                _command.Workspace.Write("mcp_startup.json", """{ "modes": { "cod": { "agent": "handoff" } } }""");
                break;
            case "an agent that is missing":
                Configure("gone", "/nowhere/gone");
                break;
            case "no word of trust":
                Configure("shell", Environment.ProcessPath!);
                break;
            case "a folder for a file":
                Directory.CreateDirectory(_command.Workspace.Paths.Todo);
                break;
            case "work that failed":
                await RecordedState.EndAsync(_command.Workspace.Paths, failures: 1, TestContext.Current.CancellationToken);
                break;
            case "an escalation":
                await RecordedState.EndAsync(_command.Workspace.Paths, failures: 3, TestContext.Current.CancellationToken);
                break;
        }
    }

    private void Configure(string name, string program) =>
        _command.Workspace.Write(
            "mcp_startup.json",
            $$"""{ "agents": { "{{name}}": { "kind": "command", "command": [{{JsonSerializer.Serialize(program)}}] } } }"""
        );
}
