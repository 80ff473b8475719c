using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Cli;

[Trait("kind", "smoke")]
public sealed class CommandLineTests : IDisposable
{
    private readonly TemporaryWorkspace _workspace = new();

    public void Dispose() => _workspace.Dispose();

    [Fact]
    public async Task Help_OfEachCommand_NamesEveryOption()
    {
        var result = await RunAsync("--help");

        result.ExitCode.Should().Be(0);
        foreach (
            var option in (string[])
                ["--mode", "--host", "--port", "--workspace", "--config", "--trust-workspace", "--token-file", "--info", "LOOP_PORT"]
        )
        {
            result.Output.Should().Contain(option);
        }
    }

    [Fact]
    public async Task Help_OfACommand_ComesFromTheProgramToo() =>
        (await RunAsync("runs", "list", "--help")).Output.Should().Contain("--state").And.Contain("--workspace");

    [Fact]
    public async Task Option_Unknown_IsAUsageError()
    {
        var result = await RunAsync("--prot", "8080");

        result.ExitCode.Should().Be(2);
        result.Output.Should().BeEmpty();
        result.Error.Should().Contain("--prot").And.Contain("--help");
        _workspace.Snapshot().Should().ContainSingle("nothing is written");
    }

    [Fact]
    public async Task InvalidValues_AreAllListed_AndNothingChanges()
    {
        _workspace.Write("mcp_startup.json", "{ \"trustWorkspace\": true }");
        var before = _workspace.Snapshot();

        var result = await RunAsync("--mode", "tcp", "--port", "http", "--host", "example.com");

        result.ExitCode.Should().Be(3);
        result.Output.Should().BeEmpty();
        result
            .Error.Should()
            .Contain("option --mode")
            .And.Contain("option --port")
            .And.Contain("option --host")
            .And.Contain("mcp_startup.json:1:21 trustWorkspace");
        _workspace.Snapshot().Should().Equal(before);
    }

    [Fact]
    public async Task Workspace_HomeFolder_IsRefused()
    {
        var result = await ServerProcess.RunAsync(
            new ServerStart(_workspace.Root, "--mode", "stdio")
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["HOME"] = _workspace.Root,
                    ["USERPROFILE"] = _workspace.Root,
                },
            }
        );

        result.ExitCode.Should().Be(3);
        result.Error.Should().Contain("workspace (the current folder)").And.Contain("home folder");
    }

    [Fact]
    public async Task Supervise_ByHand_IsRefused() => (await RunAsync("supervise")).ExitCode.Should().Be(2);

    private Task<ProcessResult> RunAsync(params string[] arguments) => ServerProcess.RunAsync(new ServerStart(_workspace.Root, arguments));
}
