using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>Runs commands of the real program on a workspace of the test's own, with a trust record of the test's own.</summary>
public sealed class CommandRun : IDisposable
{
    private readonly TemporaryFolder _settings = new();

    public TemporaryWorkspace Workspace { get; } = new();

    public string Settings => _settings.FullPath;

    /// <summary>Variables that every process of the test gets.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = Settings, ["TZ"] = "UTC" };

    public Task<ProcessResult> RunAsync(params string[] arguments) =>
        ServerProcess.RunAsync(new ServerStart(Workspace.Root, arguments) { Environment = Environment });

    /// <summary>Runs a command that has to succeed.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> SucceedAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        result.ExitCode.Should().Be(0, "it said: {0}", result.Error);
        return result.Output;
    }

    /// <summary>Runs a command that has to fail with an error of the user's.</summary>
    /// <returns>The error.</returns>
    public async Task<string> FailAsync(params string[] arguments)
    {
        var result = await RunAsync(arguments);
        result.ExitCode.Should().Be(1);
        result.Error.Should().StartWith("error: ");
        return result.Error;
    }

    public ServerProcess StartServer(params string[] arguments) =>
        ServerProcess.Start(new ServerStart(Workspace.Root, ["--mode", "stdio", .. arguments]) { Environment = Environment });

    /// <summary>A schedule file with one schedule that is due every ten minutes.</summary>
    public void WriteSchedule(string id = "plan", bool active = true, string mode = "planning-priorities") => Workspace.Write(
        "schedules.json",
        $$"""{"schedules":[{"id":"{{id}}","name":"The plan","mode":"{{mode}}","taskInstructions":"Look","scheduleType":"time","timeInterval":"10","timeUnit":"minute","active":{{(active ? "true" : "false")}} }]}""");

    public void Dispose()
    {
        Workspace.Dispose();
        _settings.Dispose();
    }
}
