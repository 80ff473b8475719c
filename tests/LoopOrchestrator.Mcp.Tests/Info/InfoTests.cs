using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using LoopOrchestrator.Mcp.Tests.Cli;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Info;

public sealed class InfoTests : IDisposable
{
    private readonly TemporaryWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Info_InAnEmptyFolder_IsOkAndChangesNothing()
    {
        var before = _workspace.Snapshot();

        var (exitCode, info) = await InfoOfTheProgramAsync(new ServerStart(_workspace.Root, "--mode", "stdio", "--info"));

        exitCode.Should().Be(0);
        _workspace.Snapshot().Should().Equal(before);
        info.GetProperty("status").GetString().Should().Be("ok");
        var zones = info.GetProperty("zone_data");
        zones.GetProperty("version").GetString().Should().MatchRegex("^(20[0-9]{2}[a-z]+|unknown)$");
        zones.GetProperty("local").GetString().Should().Be(TimeZoneInfo.Local.Id);
        info.GetProperty("problems")
            .EnumerateArray()
            .Where(static problem => problem.GetProperty("source").GetString() != "zone data")
            .Should()
            .BeEmpty("only this machine's zone data may be old");
        info.GetProperty("product").GetString().Should().Be("loop-orchestrator");
        info.GetProperty("version").GetString().Should().MatchRegex(@"^\d+\.\d+\.\d+");
        info.GetProperty("runtime").GetProperty("compilation").GetString().Should().BeOneOf("jit", "native");
        info.GetProperty("mcp").GetProperty("sdk_version").GetString().Should().Be("2.4.0");
        info.GetProperty("mcp")
            .GetProperty("protocol_revisions")
            .EnumerateArray()
            .Select(item => item.GetString())
            .Should()
            .Contain(["2025-11-25", "2026-07-28"]);
        info.GetProperty("serving").GetProperty("mode").GetString().Should().Be("stdio");
        info.GetProperty("options").GetProperty("mode").GetProperty("source").GetString().Should().Be("option --mode");
        info.GetProperty("trust").GetProperty("trusted").GetBoolean().Should().BeFalse();
        info.GetProperty("trust").GetProperty("held_back").GetArrayLength().Should().BePositive();
        info.GetProperty("files")
            .EnumerateArray()
            .Select(file => file.GetProperty("name").GetString())
            .Should()
            .Equal("schedules.json", ".roomodes", "task_timing.tsv", "persistent-memory.md", "TODO.md", "mcp_startup.json");
    }

    [Fact]
    public async Task Info_WithFiles_ShowsThemAndTheValuesInForce()
    {
        _workspace.Write(".roo/schedules.json", "{}");
        _workspace.Write("mcp_startup.json", "{ \"port\": 9001, \"defaultAgent\": \"handoff\" }");
        var before = _workspace.Snapshot();

        var (exitCode, info) = await InfoAsync("--mode", "stdio", "--trust-workspace");

        exitCode.Should().Be(5, "there is no list in the file of schedules");
        _workspace.Snapshot().Should().Equal(before);
        var port = info.GetProperty("options").GetProperty("port");
        port.GetProperty("value").GetString().Should().Be("9001");
        port.GetProperty("source").GetString().Should().Be("mcp_startup.json:1:11 port");
        var schedules = info.GetProperty("files")[0];
        schedules.GetProperty("name").GetString().Should().Be(".roo/schedules.json");
        schedules.GetProperty("readable").GetBoolean().Should().BeTrue();
        schedules.GetProperty("size").GetInt64().Should().Be(2);
        info.GetProperty("trust").GetProperty("source").GetString().Should().Be("option --trust-workspace");
        info.GetProperty("trust").GetProperty("held_back").GetArrayLength().Should().Be(0);
    }

    [Fact]
    public async Task Info_WithABrokenConfiguration_SaysWhere()
    {
        _workspace.Write("mcp_startup.json", "{\n  \"port\": ,\n}");

        var (exitCode, info) = await InfoOfTheProgramAsync(new ServerStart(_workspace.Root, "--mode", "stdio", "--info"));

        exitCode.Should().Be(1);
        info.GetProperty("status").GetString().Should().Be("not_startable");
        info.GetProperty("problems")[0].GetProperty("source").GetString().Should().Be("mcp_startup.json:2:11");
    }

    [Fact]
    public async Task Info_WithAnAgentThatCannotBe_WouldNotStart()
    {
        _workspace.Write("mcp_startup.json", "{ \"port\": 0, \"defaultAgent\": \"nobody\",\n  \"unknown\": 1 }");

        var (exitCode, info) = await InfoAsync("--mode", "stdio");

        exitCode.Should().Be(1);
        var problems = info.GetProperty("problems").EnumerateArray().ToList();
        problems
            .Should()
            .Contain(problem =>
                problem.GetProperty("severity").GetString() == "error"
                && problem.GetProperty("source").GetString() == "mcp_startup.json:1:30"
            );
        problems
            .Should()
            .Contain(problem =>
                problem.GetProperty("severity").GetString() == "warning"
                && problem.GetProperty("source").GetString() == "mcp_startup.json:2:3"
            );
        info.GetProperty("files")[5].GetProperty("problems").GetArrayLength().Should().Be(2);
    }

    [Fact]
    public async Task Info_WithOddFiles_TellsWhereAndWouldStart()
    {
        _workspace.Write("schedules.json", "{ \"schedules\": [ 1 ] }");
        _workspace.Write(".roomodes", "customModes:\n  - slug: bad slug!\n");
        _workspace.Write("task_timing.tsv", string.Concat(Enumerable.Repeat("one\ttwo\tthree\n", 30)));
        _workspace.Write("persistent-memory.md", "# Memory\n\n## Patterns\n\n<<<<<<< HEAD\n- a\n");
        _workspace.Write("TODO.md", "- [ ] Same\n- [ ] Same\n");
        var before = _workspace.Snapshot();

        var (exitCode, info) = await InfoAsync("--mode", "stdio");

        exitCode.Should().Be(5, "it would start, and somebody should look");
        _workspace.Snapshot().Should().Equal(before);
        var problems = info.GetProperty("files")
            .EnumerateArray()
            .ToDictionary(
                file => file.GetProperty("name").GetString()!,
                file => file.GetProperty("problems").EnumerateArray().Select(problem => problem.GetString()!).ToList(),
                StringComparer.Ordinal
            );
        problems["schedules.json"].Should().Contain(problem => problem.StartsWith("schedules.json:1:18: error:", StringComparison.Ordinal));
        problems[".roomodes"].Should().Contain(problem => problem.StartsWith(".roomodes:2", StringComparison.Ordinal));
        problems["task_timing.tsv"].Should().HaveCount(21).And.Contain("task_timing.tsv: note: and 11 more");
        problems["TODO.md"].Should().NotBeEmpty();
    }

    [Fact]
    public async Task Info_ConfiguredAgents_SayWhereTheyAreOrWereLookedFor()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Looks for a shell.");
        _workspace.Write(
            "mcp_startup.json",
            """{ "agents": { "checks": { "kind": "command", "command": ["/bin/sh", "-c", "true"] }, "none": { "kind": "command", "command": ["tools/none"] } } }"""
        );

        var (exitCode, info) = await InfoAsync("--mode", "stdio");

        exitCode.Should().Be(5, "an agent that cannot be used needs a person, as in doctor");
        var agents = info.GetProperty("configured_agents");
        agents[0].GetProperty("name").GetString().Should().Be("checks");
        agents[0].GetProperty("kind").GetString().Should().Be("command");
        agents[0].GetProperty("path").GetString().Should().Be("/bin/sh");
        agents[1].GetProperty("path").ValueKind.Should().Be(JsonValueKind.Null);
        agents[1].GetProperty("looked")[0].GetString().Should().Be(Path.Combine(_workspace.Root, "tools", "none"));
    }

    [Fact]
    public async Task Info_WithoutAWorkspace_SaysSo()
    {
        var (exitCode, info) = Read(await CommandLineHere.RunAsync("--workspace", Path.Combine(_workspace.Root, "missing"), "--info"));

        exitCode.Should().Be(1);
        info.GetProperty("problems")[0].GetProperty("message").GetString().Should().Contain("does not exist");
    }

    [Theory]
    [InlineData("http", 1)]
    [InlineData("stdio", 0)]
    public async Task Info_WithThePortInUse_MattersOnlyForHttp(string mode, int expected)
    {
        using var holder = new TcpListener(IPAddress.Loopback, 0);
        holder.Start();
        var port = ((IPEndPoint)holder.LocalEndpoint).Port;

        var (exitCode, info) = await InfoAsync("--mode", mode, "--port", $"{port}");

        exitCode.Should().Be(expected);
        info.GetProperty("serving").GetProperty("port_free").GetBoolean().Should().BeFalse();
    }

    [Fact]
    public async Task Info_AgentsInsideTheWorkspace_AreFoundAndNotExecuted()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Makes a program by its permissions.");
        var agent = _workspace.Write("bin/claude", "#!/bin/sh\ntouch \"$0.ran\"\n");
        _workspace.Permit("bin/claude", UnixFileMode.UserRead | UnixFileMode.UserExecute);
        _workspace.Write("bin/codex", "no program");

        var (_, info) = await InfoOfTheProgramAsync(
            new ServerStart(_workspace.Root, "--mode", "stdio", "--info")
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["PATH"] = Path.Combine(_workspace.Root, "bin") },
            }
        );

        info.GetProperty("agents").GetProperty("claude").GetString().Should().Be(agent);
        info.GetProperty("agents").GetProperty("codex").ValueKind.Should().Be(JsonValueKind.Null);
        File.Exists(agent + ".ran").Should().BeFalse();
        info.GetProperty("agent_versions").GetProperty("claude").ValueKind.Should().Be(JsonValueKind.Null);
        info.GetProperty("inherited_environment")
            .EnumerateArray()
            .Select(static item => item.GetString())
            .Should()
            .Contain(["PATH", "DOTNET_*"]);
    }

    [Fact]
    public async Task Info_FolderThatCannotBeWritten_EndsAsTheServerWould()
    {
        if (!OperatingSystem.IsLinux())
        {
            Assert.Skip("Takes the right to pass over permissions from root.");
            return;
        }

        File.SetUnixFileMode(_workspace.Root, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        try
        {
            var (exitCode, info) = await InfoOfTheProgramAsync(
                new ServerStart(_workspace.Root, "--mode", "stdio", "--info") { ObeysPermissions = true }
            );

            exitCode.Should().Be(1);
            info.GetProperty("status").GetString().Should().Be("not_startable");
            info.GetProperty("problems").GetRawText().Should().Contain("cannot be written by this user");
        }
        finally
        {
            File.SetUnixFileMode(_workspace.Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    private async Task<(int ExitCode, JsonElement Info)> InfoAsync(params string[] arguments) =>
        Read(await CommandLineHere.RunAsync([.. arguments, "--workspace", _workspace.Root, "--info"]));

    private static async Task<(int ExitCode, JsonElement Info)> InfoOfTheProgramAsync(ServerStart start) =>
        Read(await ServerProcess.RunAsync(start));

    private static (int ExitCode, JsonElement Info) Read(ProcessResult result)
    {
        result.Error.Should().BeEmpty();
        using var document = JsonDocument.Parse(result.Output);
        return (result.ExitCode, document.RootElement.Clone());
    }
}
