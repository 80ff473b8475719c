using System.Text.Json;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

public sealed class DoctorCommandTests : IDisposable
{
    private readonly CommandRun _command = new();
    private readonly TemporaryFolder _programs = new();

    public DoctorCommandTests() => Assert.SkipWhen(OperatingSystem.IsWindows(), "Makes programs by their permissions.");

    public void Dispose()
    {
        _command.Dispose();
        _programs.Dispose();
    }

    [Fact]
    public async Task Doctor_Versions_ComeFromProgramsOutsideTheWorkspaceOnly()
    {
        Program(_programs.FullPath, "claude", "echo; echo '2.1 (Claude)'; echo \"key=$ANTHROPIC_API_KEY cwd=$(pwd)\" > \"$0.asked\"");
        Program(_programs.FullPath, "codex", "exit 3");
        Program(_programs.FullPath, "gemini", "exec sleep 600");
        Directory.CreateDirectory(Path.Combine(_programs.FullPath, "node_modules", "qwen-code", "bin"));
        Program(Path.Combine(_programs.FullPath, "node_modules", "qwen-code", "bin"), "cli.js", "touch \"$0.asked\"");
        await File.WriteAllTextAsync(
            _programs.File("node_modules/qwen-code/package.json"),
            """{"name":"qwen-code","version":"0.15.10"}""",
            TestContext.Current.CancellationToken
        );
        File.CreateSymbolicLink(_programs.File("qwen"), _programs.File("node_modules/qwen-code/bin/cli.js"));
        var inside = Directory.CreateDirectory(Path.Combine(_command.Workspace.Root, "bin")).FullName;
        Program(inside, "kilo", "touch \"$0.asked\"");
        File.CreateSymbolicLink(_programs.File("aider"), Path.Combine(inside, "kilo"));
        var before = _command.Workspace.Snapshot();

        var (exitCode, report) = await DoctorAsync($"{inside}:{_programs.FullPath}:/usr/bin:/bin");

        exitCode.Should().Be(0);
        var programs = report
            .GetProperty("programs")
            .EnumerateArray()
            .ToDictionary(static program => program.GetProperty("name").GetString()!, StringComparer.Ordinal);
        programs["claude"].GetProperty("version").GetString().Should().Be("2.1 (Claude)");
        programs["codex"].GetProperty("problem").GetString().Should().Contain("exit code 3");
        programs["gemini"].GetProperty("problem").GetString().Should().Contain("within 5 s");
        programs["qwen"].GetProperty("version").GetString().Should().Be("0.15.10");
        programs["kilo"].GetProperty("problem").GetString().Should().Contain("inside the workspace");
        programs["aider"].GetProperty("problem").GetString().Should().Contain("inside the workspace", "a link leads there");
        programs["copilot"].GetProperty("path").ValueKind.Should().Be(JsonValueKind.Null);
        (await File.ReadAllTextAsync(_programs.File("claude.asked"), TestContext.Current.CancellationToken))
            .Should()
            .StartWith("key= cwd=")
            .And.NotContain(_command.Workspace.Root);
        File.Exists(_programs.File("node_modules/qwen-code/bin/cli.js.asked")).Should().BeFalse();
        _command.Workspace.Snapshot().Should().Equal(before);
        report.GetProperty("zone_data").GetProperty("version").GetString().Should().MatchRegex("^(20[0-9]{2}[a-z]+|unknown)$");
    }

    [Fact]
    public async Task Doctor_ConfiguredAgents_SayWhyTheyCannotBeUsed()
    {
        _command.Workspace.Write(
            "mcp_startup.json",
            """{ "agents": { "checks": { "kind": "command", "command": ["/bin/sh", "-c", "true"] }, "away": { "kind": "cli", "preset": "codex", "passEnvironment": ["MY_*"] } } }"""
        );

        var untrusted = await _command.RunAsync("doctor");
        var (exitCode, report) = await DoctorAsync("/bin", trusted: true);

        untrusted.ExitCode.Should().Be(5);
        untrusted
            .Output.Should()
            .Contain("Agent 'checks' cannot be used: the workspace is not trusted")
            .And.Contain("loop-orchestrator trust");
        exitCode.Should().Be(5);
        var agents = report.GetProperty("agents");
        agents[0].GetProperty("usable").GetBoolean().Should().BeFalse();
        agents[0]
            .GetProperty("why")
            .GetString()
            .Should()
            .Contain("'codex' was not found")
            .And.Contain("/bin/codex")
            .And.Contain("agents.away.command");
        agents[0]
            .GetProperty("pass_environment")
            .EnumerateArray()
            .Select(static item => item.GetString())
            .Should()
            .Equal("OPENAI_*", "CODEX_*", "MY_*");
        agents[1].GetProperty("usable").GetBoolean().Should().BeTrue();
    }

    [Fact]
    public async Task Doctor_Files_AreToldWithWhatIsWrong()
    {
        _command.Workspace.Write("schedules.json", "{ \"schedules\": [ 1 ] }");
        _command.Workspace.Write("TODO.md", "- [ ] One\n");

        var result = await _command.RunAsync("doctor");

        result.ExitCode.Should().Be(5);
        result
            .Output.Should()
            .Contain("schedules.json:1:18: error:")
            .And.MatchRegex("TODO.md +good")
            .And.MatchRegex(".roomodes +not there");
        using var document = JsonDocument.Parse((await _command.RunAsync("doctor", "--json")).Output);
        document.RootElement.GetProperty("problems").GetRawText().Should().Contain("in doctor and --info the problems of each file");
        document.RootElement.GetProperty("files").GetRawText().Should().Contain("schedules.json:1:18: error:");
    }

    [Fact]
    public async Task Doctor_FilesOfAnyFolder_AreReadByTheirNames()
    {
        var folder = _programs.FullPath;
        Directory.CreateDirectory(Path.Combine(folder, "one", ".claude", "agents"));
        foreach (
            var (file, content) in (IEnumerable<(string, string)>)
                [
                    ("one/schedules.json", "{ \"schedules\": [ 1 ] }"),
                    ("one/.kilocodemodes", "customModes:\n  - slug: a\n    name: A\n    roleDefinition: You.\n    groups: [read]\n"),
                    ("one/.claude/agents/helper.md", "---\nname: helper\ndescription: Helps.\n---\nYou help.\n"),
                    ("one/TODO.md", "- [ ] One\n"),
                    ("one/notes.md", "nothing of ours\n"),
                ]
        )
        {
            await File.WriteAllTextAsync(Path.Combine(folder, file), content, TestContext.Current.CancellationToken);
        }

        var result = await _command.RunAsync("doctor", "--files", folder, "--json");

        result.ExitCode.Should().Be(1);
        using var document = JsonDocument.Parse(result.Output);
        document
            .RootElement.GetProperty("files")
            .EnumerateArray()
            .Select(static file =>
                (file.GetProperty("file").GetString(), file.GetProperty("kind").GetString(), file.GetProperty("count").GetInt32())
            )
            .Should()
            .Equal(
                ("one/.claude/agents/helper.md", "agent", 1),
                ("one/.kilocodemodes", "modes", 1),
                ("one/TODO.md", "plan", 1),
                ("one/schedules.json", "schedules", 0)
            );
        (await _command.RunAsync("doctor", "--files", folder))
            .Output.Should()
            .Contain("one/schedules.json:1:18: error:")
            .And.Contain("1 errors");
        (await _command.FailAsync("doctor", "--files", Path.Combine(folder, "missing"))).Should().Contain("There is no folder");
    }

    private static void Program(string folder, string name, string script)
    {
        var file = Path.Combine(folder, name);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task<(int ExitCode, JsonElement Report)> DoctorAsync(string path, bool trusted = false)
    {
        var result = await ServerProcess.RunAsync(
            new ServerStart(_command.Workspace.Root, "doctor", "--json")
            {
                Environment = new Dictionary<string, string>(CommandRun.Environment, StringComparer.Ordinal)
                {
                    ["PATH"] = path,
                    ["ANTHROPIC_API_KEY"] = "not for this",
                    ["LOOP_TRUST_WORKSPACE"] = trusted ? "1" : "0",
                },
            }
        );
        using var document = JsonDocument.Parse(result.Output);
        return (result.ExitCode, document.RootElement.Clone());
    }
}
