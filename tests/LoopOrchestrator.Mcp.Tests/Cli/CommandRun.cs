using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Cli;

/// <summary>
/// Runs commands on a workspace of the test's own: in the process of the test, which saves a start of the program, or by the program
/// itself, which one test of each kind does. Both have the same record of trust.
/// </summary>
public sealed class CommandRun : IDisposable
{
    public TemporaryWorkspace Workspace { get; } = new();

    /// <summary>The user's settings: of all tests together, with a record for each workspace.</summary>
    public static string Settings => TestEnvironment.Settings;

    /// <summary>Variables that every process of the test gets.</summary>
    public static IReadOnlyDictionary<string, string> Environment =>
        new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = Settings, ["TZ"] = "UTC" };

    /// <summary>Runs a command in the process of the test. One that waits for something belongs to <see cref="RunProgramAsync"/>.</summary>
    public Task<ProcessResult> RunAsync(params string[] arguments) =>
        CommandLineHere.RunAsync(["--workspace", Workspace.Root, .. arguments]);

    /// <summary>Runs a command by the program, which has the workspace as its current folder.</summary>
    public Task<ProcessResult> RunProgramAsync(params string[] arguments) =>
        ServerProcess.RunAsync(new ServerStart(Workspace.Root, arguments) { Environment = Environment });

    /// <summary>Runs a command that has to succeed.</summary>
    /// <returns>What it printed.</returns>
    public async Task<string> SucceedAsync(params string[] arguments) => Succeeded(await RunAsync(arguments));

    /// <summary>The same, by the program.</summary>
    public async Task<string> SucceedProgramAsync(params string[] arguments) => Succeeded(await RunProgramAsync(arguments));

    /// <summary>Runs a command that has to fail with an error of the user's.</summary>
    /// <returns>The error.</returns>
    public async Task<string> FailAsync(params string[] arguments) => Failed(await RunAsync(arguments));

    /// <summary>The same, by the program.</summary>
    public async Task<string> FailProgramAsync(params string[] arguments) => Failed(await RunProgramAsync(arguments));

    public ServerProcess StartServer(params string[] arguments) =>
        ServerProcess.Start(new ServerStart(Workspace.Root, ["--mode", "stdio", .. arguments]) { Environment = Environment });

    public Task<ServerProcess> StartHttpServerAsync() =>
        ServerProcess.StartHttpAsync(new ServerStart(Workspace.Root, "--mode", "http", "--port", "0") { Environment = Environment });

    /// <summary>A schedule file with one schedule that is due every ten minutes.</summary>
    public void WriteSchedule(string id = "plan", bool active = true, string mode = "planning-priorities") =>
        Workspace.Write(
            "schedules.json",
            $$"""{"schedules":[{"id":"{{id}}","name":"The plan","mode":"{{mode}}","taskInstructions":"Look","scheduleType":"time","timeInterval":"10","timeUnit":"minute","active":{{(active ? "true" : "false")}} }]}"""
        );

    public void Dispose() => Workspace.Dispose();

    private static string Succeeded(ProcessResult result)
    {
        result.ExitCode.Should().Be(0, "it said: {0}", result.Error);
        return result.Output;
    }

    private static string Failed(ProcessResult result)
    {
        result.ExitCode.Should().Be(1);
        result.Error.Should().StartWith("error: ");
        return result.Error;
    }
}
