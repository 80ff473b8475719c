using System.Text.Json;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class TrustCommandTests : IDisposable
{
    private const string Docs = """{"slug":"docs","name":"D","roleDefinition":"x","groups":["read"]}""";

    private readonly CommandRun _command = new();

    public TrustCommandTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The test's own record is chosen by XDG_CONFIG_HOME.");

    public void Dispose() => _command.Dispose();

    [Fact]
    public async Task Trust_ListsAllWithItsPlace_AndIsRecordedOutsideTheWorkspace()
    {
        WriteAll("make test");
        var before = _command.Workspace.Snapshot();

        var output = await _command.SucceedProgramAsync("trust");

        output
            .Should()
            .MatchRegex(@"agent +mcp_startup\.json: agents\.checks +make 'all checks' \(sets LEVEL\)")
            .And.MatchRegex(@"agent +mcp_startup\.json: agents\.claude +\(preset claude\)")
            .And.MatchRegex(@"default agent +mcp_startup\.json: defaultAgent +handoff")
            .And.MatchRegex(@"mode agent +mcp_startup\.json: modes\.ask\.agent +claude")
            .And.MatchRegex(@"gate +mcp_startup\.json: workflows\.w\.implementation\.gates\.build +make test")
            .And.MatchRegex(@"sync +mcp_startup\.json: workflows\.w\.sync\.pull +git pull")
            .And.MatchRegex(@"commit gate +mcp_startup\.json: commit\.gate\.test +dotnet test")
            .And.MatchRegex(@"escalation +mcp_startup\.json: escalation\.command +tell me")
            .And.MatchRegex(@"webhook +mcp_startup\.json: escalation\.webhook +https://example\.org/hook\s")
            .And.MatchRegex(@"onlyIf +schedules\.json: s onlyIf +test -f go")
            .And.MatchRegex(@"mode groups +\.roomodes: docs +read")
            .And.Contain(CommandRun.Settings)
            .And.NotContain("hidden-value")
            .And.NotContain("hidden-query");
        _command.Workspace.Snapshot().Should().Equal(before);
        (await IsTrustedAsync()).Should().BeTrue();
        await _command.SucceedAsync("trust", "--revoke");
        (await IsTrustedAsync()).Should().BeFalse();
        Records().Should().BeEmpty();
    }

    [Fact]
    public async Task Trust_TheNextTime_ShowsTheDifferenceAndRecordsIt()
    {
        WriteAll("make test");
        await _command.SucceedAsync("trust");
        (await _command.SucceedAsync("trust")).Should().Contain("Nothing has changed since it was recorded.");
        _command.Workspace.Write("schedules.json", "{\"schedules\":[]}");
        WriteStartup("make none");
        _command.Workspace.Write(
            ".roomodes",
            $$"""{"customModes":[{{Docs}},{"slug":"all","name":"A","roleDefinition":"x","groups":["command"]}]}"""
        );

        var shown = await _command.SucceedAsync("trust", "--show");

        shown
            .Should()
            .Contain("new      mode groups, .roomodes: all: command")
            .And.Contain("changed  gate, mcp_startup.json: workflows.w.implementation.gates.build: make none")
            .And.Contain("it was: make test")
            .And.Contain("removed  onlyIf, schedules.json: s onlyIf: test -f go");
        (await HeldBackAsync()).Should().HaveCount(2);
        var status = await _command.RunAsync("status");
        status.ExitCode.Should().Be(5);
        status.Output.Should().Contain("gates.build (make none) has changed since it was trusted and is held back");
        (await _command.RunAsync("doctor")).Output.Should().Contain("gates.build (make none) has changed");

        (await _command.SucceedAsync("trust")).Should().Contain("it was: make test").And.Contain("start it again");
        (await HeldBackAsync()).Should().BeEmpty();
        (await _command.SucceedAsync("trust", "--show")).Should().Contain("Nothing has changed");
    }

    [Fact]
    public async Task Show_RecordsNothing_AndJsonSaysTheSame()
    {
        WriteAll("make test");
        var shown = await _command.SucceedAsync("trust", "--show");
        shown.Should().Contain("None of this is recorded as seen").And.MatchRegex("gate +mcp_startup");
        Records().Should().BeEmpty();
        await _command.SucceedAsync("trust", "--json");
        WriteStartup("make none");

        using var answer = JsonDocument.Parse(await _command.SucceedAsync("trust", "--show", "--json"));

        var gate = answer.RootElement.GetProperty("entries").EnumerateArray().Single(static entry => Text(entry, "kind") == "gate");
        (Text(gate, "text"), Text(gate, "state"), Text(gate, "before")).Should().Be(("make none", "changed", "make test"));
        answer.RootElement.GetProperty("recorded").GetBoolean().Should().BeTrue();
        (await _command.RunAsync("trust", "--revoke", "--show")).ExitCode.Should().Be(2);
    }

    [Fact]
    public async Task Trust_OfAnEarlierVersion_CountsOnceForWhatIsThereAndStatusSaysSo()
    {
        WriteAll("make test");
        var folder = Directory.CreateDirectory(Path.Combine(CommandRun.Settings, "loop-orchestrator")).FullName;
        await CommandLineHere.AloneAsync(() =>
            File.AppendAllText(Path.Combine(folder, "trusted-workspaces"), _command.Workspace.Root + "\n")
        );
        (await _command.RunAsync("status")).Output.Should().Contain("what is there at the next start of a server counts as seen");
        await using (var server = _command.StartServer())
        {
            await Eventually.TrueAsync("the server has adopted it", () =>
                Records().Any(static file => file.EndsWith(".json", StringComparison.Ordinal))
            );
        }

        (await _command.RunAsync("status")).Output.Should().Contain("kept no list: what was there at").And.NotContain("held back");
        WriteStartup("make none");
        (await _command.RunAsync("status")).Output.Should().Contain("gates.build (make none) has changed");
        (await _command.SucceedAsync("trust")).Should().MatchRegex("gate +mcp_startup", "nobody has seen the list yet");
        (await _command.RunAsync("status")).Output.Should().NotContain("kept no list");
    }

    [Fact]
    public async Task Trust_TextOfAFile_CannotSteerTheTerminal()
    {
        const string Schedule = """{"id":"a\u001b[2Jb","name":"x","mode":"code","onlyIf":["te\u001b]0;x\u0007st\u202e\u2066\u200b"]}""";
        _command.Workspace.Write("schedules.json", $$"""{"schedules":[{{Schedule}}]}""");
        var first = await _command.SucceedAsync("trust");
        _command.Workspace.Write("schedules.json", $$"""{"schedules":[{{Schedule.Replace(";x", ";y", StringComparison.Ordinal)}}]}""");
        var next = await _command.SucceedAsync("trust");

        (first + next)
            .Should()
            .Contain("onlyIf")
            .And.NotContain("\u001b")
            .And.NotContain("\u0007")
            .And.NotContain("\u202e")
            .And.NotContain("\u2066")
            .And.NotContain("\u200b")
            .And.Contain(@"\u202e\u2066\u200b", "a line must not read in another order than it has");
    }

    [Fact]
    public async Task Trust_FromAProcessOfARun_IsAPersonsToGive()
    {
        var variables = new Dictionary<string, string>(CommandRun.Environment, StringComparer.Ordinal) { ["LOOP_RUN_ID"] = "run-1" };
        var result = await ServerProcess.RunAsync(new ServerStart(_command.Workspace.Root, ["trust"]) { Environment = variables });

        result.ExitCode.Should().Be(1);
        result.Error.Should().Contain("a person's to give");
        Records().Should().BeEmpty();
    }

    [Fact]
    public async Task Trust_BehindInfo_IsRefusedAndRecordsNothing()
    {
        var result = await _command.RunAsync("--info", "trust");

        result.ExitCode.Should().Be(2);
        result.Error.Should().Contain("--info stands alone");
        (await IsTrustedAsync()).Should().BeFalse();
    }

    [Fact]
    public async Task Trust_InAConfigurationThatCannotBeUsed_IsNotRecorded()
    {
        _command.Workspace.Write("mcp_startup.json", """{ "agents": { "checks": { "kind": "command" } } }""");

        var result = await _command.RunAsync("trust");

        result.ExitCode.Should().Be(3);
        result.Error.Should().Contain("agents.checks.command is missing").And.Contain("Nothing was changed");
        Records().Should().BeEmpty();
        (await _command.SucceedAsync("trust", "--revoke")).Should().Contain("No trust in");
    }

    private void WriteAll(string gate)
    {
        WriteStartup(gate);
        const string Schedule =
            """{"id":"s","name":"s","mode":"code","active":false,"timeInterval":"10","timeUnit":"minute","onlyIf":["test","-f","go"]}""";
        _command.Workspace.Write("schedules.json", $$"""{"schedules":[{{Schedule}}]}""");
        _command.Workspace.Write(".roomodes", $$"""{"customModes":[{{Docs}}]}""");
    }

    private void WriteStartup(string gate) =>
        _command.Workspace.Write(
            "mcp_startup.json",
            $$"""
            {
              "agents": {
                "checks": { "kind": "command", "command": ["make", "all checks"], "environment": { "LEVEL": "hidden-value" } },
                "claude": { "kind": "cli", "preset": "claude" }
              },
              "modes": { "ask": { "agent": "claude" } },
              "workflows": {
                "w": {
                  "stages": [{ "stage": "implementation", "steps": [{}], "gates": [{ "name": "build", "command": {{JsonSerializer.Serialize(
                gate.Split(' ')
            )}} }] }],
                  "sync": [{ "name": "pull", "command": ["git", "pull"] }]
                }
              },
              "commit": { "gate": [{ "name": "test", "command": ["dotnet", "test"] }] },
              "escalation": { "command": ["tell", "me"], "webhook": "https://example.org/hook?key=hidden-query" }
            }
            """
        );

    // The files in which this workspace is recorded, which tests of other workspaces write too.
    private List<string> Records() =>
        [
            .. Directory
                .EnumerateFiles(CommandRun.Settings, "*", SearchOption.AllDirectories)
                .Where(file => ReadOrNothing(file).Contains(_command.Workspace.Root, StringComparison.Ordinal)),
        ];

    private static string ReadOrNothing(string file)
    {
        try
        {
            return File.ReadAllText(file);
        }
        catch (FileNotFoundException)
        {
            // A temporary file of another test's record.
            return "";
        }
    }

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private async Task<bool> IsTrustedAsync()
    {
        using var info = JsonDocument.Parse((await _command.RunAsync("--info", "--mode", "stdio")).Output);
        return info.RootElement.GetProperty("trust").GetProperty("trusted").GetBoolean();
    }

    private async Task<IReadOnlyList<string?>> HeldBackAsync()
    {
        using var info = JsonDocument.Parse((await _command.RunAsync("--info", "--mode", "stdio")).Output);
        return [.. info.RootElement.GetProperty("trust").GetProperty("held_back").EnumerateArray().Select(static held => held.GetString())];
    }
}
