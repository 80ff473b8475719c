using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;
using ModelContextProtocol.Client;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>
/// A workspace with agents that are the dummy program, and servers on it. At the end everything that was started on it is ended,
/// whoever started it: also what a failing product left behind.
/// </summary>
public sealed class LoopWorkspace : IAsyncDisposable
{
    /// <summary>The dummy agent's file.</summary>
    public static readonly string Dummy = Path.Combine(AppContext.BaseDirectory, "agent", "loop-dummy-agent");

    private readonly TemporaryWorkspace _workspace = new();
    private readonly TemporaryFolder _configuration = new();
    private readonly List<IAsyncDisposable> _started = [];
    private readonly JsonObject _agents = [];

    public string Root => _workspace.Root;

    /// <summary>Where the user's own configuration, such as the word of trust, would be.</summary>
    public string ConfigurationFolder => _configuration.FullPath;

    public JsonObject Limits { get; } =
        new()
        {
            ["concurrentRuns"] = 4,
            ["killGraceSeconds"] = 1,
            ["maxAttempts"] = 1,
        };

    /// <summary>What else is at the top level of <c>mcp_startup.json</c>.</summary>
    public JsonObject More { get; } = [];

    /// <summary>Variables of the servers that are started.</summary>
    public IDictionary<string, string> Variables { get; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public TemporaryWorkspace Files => _workspace;

    public string FullPath(string name) => Path.Combine(Root, name);

    /// <summary>Adds an agent of kind command that is the dummy with this script.</summary>
    public void AddCommand(string name, params string[] script) => AddAgent(name, "command", script);

    /// <summary>Adds an agent of kind cli that is the dummy with this script.</summary>
    public void AddCli(string name, string? preset, params string[] script)
    {
        AddAgent(name, "cli", script);
        if (preset is not null)
        {
            _agents[name]!["preset"] = preset;
        }
    }

    /// <summary>Adds an agent of kind cli that is a command of the shell and reads its brief from standard input.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="script">The command.</param>
    /// <param name="preset">The program that it stands for, which then decides how it reads its brief; none by itself.</param>
    public void AddShell(string name, string script, string? preset = null) =>
        _agents[name] = new JsonObject
        {
            ["kind"] = "cli",
            ["command"] = new JsonArray("sh", "-c", script),
            [preset is null ? "prompt" : "preset"] = preset ?? "stdin",
        };

    /// <summary>Lets an agent inherit further variables, and sets others for it.</summary>
    public void SetEnvironment(string agent, JsonArray pass, JsonObject set)
    {
        _agents[agent]!["passEnvironment"] = pass;
        _agents[agent]!["environment"] = set;
    }

    /// <summary>Writes <c>mcp_startup.json</c>; the server reads it at its start.</summary>
    public void WriteConfiguration(string? defaultAgent = null)
    {
        var configuration = new JsonObject { ["agents"] = _agents.DeepClone(), ["limits"] = Limits.DeepClone() };
        if (defaultAgent is not null)
        {
            configuration["defaultAgent"] = defaultAgent;
        }

        foreach (var (name, value) in More)
        {
            configuration[name] = value!.DeepClone();
        }

        _workspace.Write("mcp_startup.json", configuration.ToJsonString());
    }

    /// <summary>Writes <c>schedules.json</c> as an editor does that replaces files.</summary>
    public void WriteSchedules(params JsonObject[] schedules)
    {
        var next = _workspace.Write("schedules.json.new", new JsonObject { ["schedules"] = new JsonArray([.. schedules]) }.ToJsonString());
        File.Move(next, FullPath("schedules.json"), overwrite: true);
    }

    /// <summary>A schedule that names no start: it is due as soon as a server sees it, and then not again during a test.</summary>
    public static JsonObject DueNow(string id, string mode = "code") =>
        new()
        {
            ["id"] = id,
            ["name"] = $"Schedule {id}",
            ["mode"] = mode,
            ["taskInstructions"] = $"Do the work of {id}.",
            ["scheduleType"] = "time",
            ["timeInterval"] = "6",
            ["timeUnit"] = "hour",
            ["active"] = true,
        };

    public async Task<ServerProcess> StartHttpAsync(params string[] arguments) =>
        Keep(await ServerProcess.StartHttpAsync(Start(["--mode", "http", "--port", "0", .. arguments])));

    public ServerProcess StartStdio(params string[] arguments) => Keep(ServerProcess.Start(Start(["--mode", "stdio", .. arguments])));

    /// <summary>A server none of whose files may become larger than this many KiB.</summary>
    public ServerProcess StartStdioOnAFullDisk(int fileSizeLimit) =>
        Keep(ServerProcess.Start(Start(["--mode", "stdio"]) with { FileSizeLimit = fileSizeLimit }));

    /// <summary>A server that may do with files what their permissions say, also where the tests run as root.</summary>
    public ServerProcess StartStdioWithoutPrivilege() =>
        Keep(ServerProcess.Start(Start(["--mode", "stdio"]) with { ObeysPermissions = true }));

    /// <summary>Runs a command as the user would in a shell of their own, without the variables of the servers.</summary>
    public Task<ProcessResult> CommandAsync(params string[] arguments) =>
        ServerProcess.RunAsync(
            Start(arguments) with
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["XDG_CONFIG_HOME"] = _configuration.FullPath },
            }
        );

    /// <summary>A client for a server, over what it serves.</summary>
    public async Task<McpClient> ConnectAsync(ServerProcess server) =>
        Keep(
            server.Address is null
                ? await server.ConnectStdioAsync(ProtocolEra.Stateless, TestContext.Current.CancellationToken)
                : await server.ConnectHttpAsync(ProtocolEra.Stateless, token: null, TestContext.Current.CancellationToken)
        );

    /// <summary>A trusted server with a client, over stdio: over HTTP each start takes half as much again.</summary>
    public async Task<(ServerProcess Server, McpClient Client)> ServeAsync(params string[] more)
    {
        var server = StartStdio(["--trust-workspace", .. more]);
        return (server, await ConnectAsync(server));
    }

    /// <summary>
    /// A client of a server in the process of the test, for tests of what a server does and not of its process. One on a workspace at a
    /// time. A native program is started all the same: what is cut from it is found there alone, and it starts in a tenth of the time.
    /// </summary>
    public async Task<McpClient> ServeHereAsync(string? toolsets = null, bool trusted = true)
    {
        if (ProductExecutable.IsNative)
        {
            return await ConnectAsync(
                StartStdio([
                    .. trusted ? (string[])["--trust-workspace"] : [],
                    .. toolsets is null ? (string[])[] : ["--toolsets", toolsets],
                ])
            );
        }

        var server = Keep(
            await ServerHere.StartAsync(
                Root,
                Path.Combine(_configuration.FullPath, "loop-orchestrator", "trusted-workspaces"),
                toolsets,
                trusted
            )
        );
        return Keep(await server.ConnectAsync());
    }

    /// <summary>The processes of a run's agent, without the supervisor.</summary>
    public static IReadOnlyList<int> Workers(string runId) => LinuxProcesses.WithVariable("LOOP_RUN_ID", runId);

    /// <summary>The processes of all agents on this workspace.</summary>
    public IReadOnlyList<int> Workers() => LinuxProcesses.WithVariable("LOOP_WORKSPACE", Root);

    /// <summary>The supervisors of this workspace's runs.</summary>
    public IReadOnlyList<int> Supervisors() => LinuxProcesses.WithCommand("supervise", Root);

    /// <summary>The rows of the time log that are about a run.</summary>
    public IReadOnlyList<TimingEntry> Rows(string runId) =>
        TimingLogReader.Read(_workspace.Paths).Entries.Where(row => row.TaskId == runId).ToList();

    /// <summary>How often the dummy's action <c>mark</c> was carried out.</summary>
    public int Marks(string name) => File.Exists(FullPath(name)) ? File.ReadAllLines(FullPath(name)).Length : 0;

    /// <summary>The ledger's rows of a schedule.</summary>
    public Task<IReadOnlyList<Occurrence>> LedgerAsync(string? scheduleId = null) =>
        RecordedState.HistoryAsync(_workspace.Paths, scheduleId, TestContext.Current.CancellationToken);

    public Task PauseAsync(string scheduleId) =>
        RecordedState.PauseAsync(_workspace.Paths, scheduleId, TestContext.Current.CancellationToken);

    /// <summary>A part of what a supervisor left.</summary>
    public JsonElement Outcome(string runId)
    {
        using var document = JsonDocument.Parse(_workspace.Read($".loop/runs/{runId}/outcome.json"));
        return document.RootElement.Clone();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var started in Enumerable.Reverse(_started))
        {
            await started.DisposeAsync().AsTask().WaitAsync(ServerProcess.HangGuard);
        }

        // Supervisors first, for they end their agents when asked, and are not asked here.
        await Eventually.TrueAsync("everything on the workspace ends when killed", () =>
        {
            LinuxProcesses.Kill([.. Supervisors(), .. Workers()]);
            return Supervisors().Count + Workers().Count == 0;
        });
        _workspace.Dispose();
        _configuration.Dispose();
    }

    private void AddAgent(string name, string kind, string[] script) =>
        _agents[name] = new JsonObject
        {
            ["kind"] = kind,
            ["command"] = new JsonArray([Dummy, .. script.Select(static part => (JsonNode)part)]),
        };

    private ServerStart Start(IReadOnlyList<string> arguments) =>
        new(Root, arguments)
        {
            Environment = new Dictionary<string, string>(Variables, StringComparer.Ordinal)
            {
                ["XDG_CONFIG_HOME"] = _configuration.FullPath,
            },
        };

    internal T Keep<T>(T started)
        where T : IAsyncDisposable
    {
        _started.Add(started);
        return started;
    }
}
