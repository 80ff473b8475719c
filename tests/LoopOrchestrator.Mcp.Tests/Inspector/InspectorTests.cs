using System.Diagnostics;
using System.Text.Json;
using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Mcp.Tests.Npm;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Inspector;

/// <summary>A client that others wrote: the MCP Inspector's command line.</summary>
public sealed class InspectorTests(InspectorInstallation inspector, ITestOutputHelper output)
    : IClassFixture<InspectorInstallation>,
        IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(inspector.Missing is null, inspector.Missing ?? string.Empty);
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Inspector_OverStdio_ListsStrictlyAndCalls()
    {
        await ListStrictlyAsync([], "stdio");
        await AppendAsync([]);
    }

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [InlineData("stdio")]
    [InlineData("http")]
    public async Task Inspector_OverBothTransports_InitializesListsStrictlyAndCalls(string transport)
    {
        string[] target =
            transport == "stdio" ? [] : [new Uri((await _workspace.StartHttpAsync()).Address!, "/mcp").ToString(), "--transport", "http"];

        var initialized = await AskAsync(target, "--method", "initialize", "--format", "json");
        Result(initialized).GetProperty("serverInfo").Text("name").Should().Be("loop-orchestrator");

        await ListStrictlyAsync(target, transport);
        await AppendAsync(target);

        var run = await AskAsync(
            target,
            "--method",
            "tools/call",
            "--tool-name",
            "run_mode",
            "--tool-arg",
            "mode=code",
            "task=Look around.",
            "--format",
            "json"
        );
        var started = Result(run).GetProperty("structuredContent");
        started.Text("state").Should().Be("running");
        started.Text("brief").Should().Contain("Look around.");
        _workspace.Rows(started.Text("run_id")).Should().ContainSingle();
    }

    private async Task ListStrictlyAsync(string[] target, string transport)
    {
        var strict = await AskAsync(target, "--method", "tools/list", "--strict");
        output.WriteLine($"tools/list --strict over {transport}: {strict.Error}");
        strict.Output.Should().Contain("\"run_mode\"").And.Contain("\"append_memory\"");
        strict.Error.Should().NotContainEquivalentOf("warning");
    }

    private async Task AppendAsync(string[] target)
    {
        var remembered = await AskAsync(
            target,
            "--method",
            "tools/call",
            "--tool-name",
            "append_memory",
            "--tool-args-json",
            """{"section":"patterns","content":"The Inspector was here."}""",
            "--format",
            "json"
        );
        Result(remembered).GetProperty("structuredContent").GetProperty("lines").GetInt32().Should().BePositive();
        _workspace.Files.Read("persistent-memory.md").Should().Contain("The Inspector was here.");
    }

    private static JsonElement Result(ProcessResult answer)
    {
        using var document = JsonDocument.Parse(answer.Output);
        return document.RootElement.GetProperty("result").Clone();
    }

    private async Task<ProcessResult> AskAsync(string[] target, params string[] question)
    {
        // Options stand before the command of a stdio server, and behind the address of another.
        string[] server = target.Length > 0 ? [] : ["--", ProductExecutable.Path, "--mode", "stdio", "--workspace", _workspace.Root];
        var start = new ProcessStartInfo(inspector.Program, ["--cli", .. target, .. question, .. server])
        {
            WorkingDirectory = _workspace.Root,
        };
        foreach (var name in start.Environment.Keys.Where(static name => name.StartsWith("LOOP_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = _workspace.ConfigurationFolder;
        start.Environment["XDG_CONFIG_HOME"] = _workspace.ConfigurationFolder;
        var answer = await InspectorInstallation.RunAsync(start);
        answer.ExitCode.Should().Be(0, answer.Output + answer.Error);
        return answer;
    }
}
