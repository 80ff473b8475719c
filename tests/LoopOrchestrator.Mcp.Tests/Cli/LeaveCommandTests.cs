using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary><c>uninstall --workspace DIR</c>.</summary>
public sealed class LeaveCommandTests : IDisposable
{
    private readonly CommandRun _command = new();
    private readonly TemporaryFolder _home = new();

    public void Dispose()
    {
        _command.Dispose();
        _home.Dispose();
    }

    [Fact]
    public async Task Leave_ListsFirst_AndRemovesWhatIsOursOnceYesIsSaid()
    {
        await GitAsync("init", "-q");
        _command.Workspace.Write("file.txt", "x\n");
        _command.Workspace.Write(".gitignore", "bin/\r\n/.loop/\n*.user\n");
        await GitAsync("add", ".");
        await GitAsync("-c", "user.name=A", "-c", "user.email=a@example.org", "commit", "-qm", "first");
        await GitAsync("update-ref", "refs/loop/checkpoints/one", "HEAD");
        _command.WriteSchedule();
        await SucceedAsync("run", "ask", "Anything?");
        await SucceedAsync("trust");
        await SucceedAsync("install", "claude", "--yes", "--no-check");
        await SucceedAsync("install", "cursor", "--scope", "project", "--yes", "--no-check");
        var schedules = _command.Workspace.Read("schedules.json");
        _command.Workspace.Write(".loop/set-aside/20260101-000000-runs-1", "mine\n");
        _command.Workspace.Write(".loop/damaged/20260101T000000Z/state.db", "what is left\n");
        _command.Workspace.Write(".loop/worktrees/run-a/file.txt", "x\n");
        var before = _command.Workspace.Snapshot();

        var list = await SucceedAsync("uninstall", "--workspace", _command.Workspace.Root);

        list.Should()
            .Contain(".loop: ")
            .And.Contain(".loop/set-aside/20260101-000000-runs-1, which may be nowhere else")
            .And.Contain(".loop/damaged/20260101T000000Z, which")
            .And.Contain(".loop/worktrees/run-a, which")
            .And.Contain("1 reference(s) below refs/loop/")
            .And.Contain("the line /.loop/ in .gitignore")
            .And.Contain("trust in this workspace")
            .And.Contain(_home.File(".claude.json"))
            .And.Contain(Path.Combine(".cursor", "mcp.json"))
            .And.Contain("Nothing was removed");
        _command.Workspace.Snapshot().Should().Equal(before);

        await SucceedAsync("uninstall", "--workspace", _command.Workspace.Root, "--yes");

        Directory.Exists(_command.Workspace.Paths.State).Should().BeFalse();
        (await GitAsync("for-each-ref", "refs/loop/")).Should().BeEmpty();
        (await GitAsync("rev-parse", "HEAD")).Should().NotBeEmpty("what is the user's stays");
        _command.Workspace.Read(".gitignore").Should().Be("bin/\r\n*.user\n");
        _command.Workspace.Read("schedules.json").Should().Be(schedules);
        File.Exists(_home.File(".claude.json")).Should().BeFalse();
        File.Exists(Path.Combine(_command.Workspace.Root, ".cursor", "mcp.json")).Should().BeFalse();
        (await SucceedAsync("uninstall", "--workspace", _command.Workspace.Root)).Should().Contain("nothing of this program");
    }

    [Fact]
    public async Task Leave_WhileAServerIsAtWork_IsRefusedAndRemovesNothing()
    {
        _command.WriteSchedule(active: false);
        await using var server = _command.StartServer();
        await Eventually.FindAsync("the server in the status", async () =>
            (await _command.RunAsync("status")).Output is var text && text.Contains($"process {server.Id}", StringComparison.Ordinal)
                ? text
                : null
        );

        var refused = await RunAsync("uninstall", "--workspace", _command.Workspace.Root, "--yes");

        refused.ExitCode.Should().Be(1);
        refused.Error.Should().Contain($"process {server.Id}").And.Contain("Nothing was changed");
        Directory.Exists(_command.Workspace.Paths.State).Should().BeTrue();
    }

    [Fact]
    public async Task Uninstall_WithoutAClient_RemovesNothingUnlessAWorkspaceIsNamed()
    {
        await SucceedAsync("run", "ask", "Anything?");

        var refused = await RunAsync("uninstall", "--yes");

        refused.ExitCode.Should().Be(2);
        refused.Error.Should().Contain("Name a client").And.Contain("uninstall --workspace DIR");
        Directory.Exists(_command.Workspace.Paths.State).Should().BeTrue();
    }

    private async Task<string> SucceedAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        result.ExitCode.Should().Be(0, "it said: {0}", result.Error);
        return result.Output;
    }

    private Task<ProcessResult> RunAsync(params string[] arguments) =>
        ServerProcess.RunAsync(
            new ServerStart(_command.Workspace.Root, arguments)
            {
                Environment = new Dictionary<string, string>(CommandRun.Environment, StringComparer.Ordinal) { ["HOME"] = _home.FullPath },
            }
        );

    private async Task<string> GitAsync(params string[] arguments)
    {
        using var git = System.Diagnostics.Process.Start(
            new System.Diagnostics.ProcessStartInfo("git", ["-C", _command.Workspace.Root, .. arguments])
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        git.ExitCode.Should().Be(0);
        return output;
    }
}
