using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Workflows.Definition;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Testing;

/// <summary>
/// A workspace in a folder of its own, on a clock that stands still until a test moves it, with supervisors that do what the test says.
/// </summary>
internal sealed class TestWorkspace : IDisposable
{
    /// <summary>The name of the agent with a process.</summary>
    public const string Checks = "checks";

    /// <summary>The name of the agent that is a program of its own kind, and reports.</summary>
    public const string Program = "program";

    private readonly TemporaryFolder _folder;
    private readonly TemporaryFolder _user = new();
    private readonly List<Workspace> _open = [];
    private readonly List<StateDatabase> _databases = [];

    /// <summary>Makes one. When no limits are given, a run has one attempt: most tests are about something else.</summary>
    public TestWorkspace(
        RunLimits? limits = null,
        bool trusted = true,
        string defaultAgent = Checks,
        EscalationChannels? channels = null,
        params WorkflowDefinition[] workflows
    )
        : this(new TemporaryFolder(), limits, trusted, defaultAgent, channels, workflows) { }

    /// <summary>As above in a folder of the caller's, which is removed at the end.</summary>
    public TestWorkspace(
        TemporaryFolder folder,
        RunLimits? limits = null,
        bool trusted = true,
        string defaultAgent = Checks,
        EscalationChannels? channels = null,
        params WorkflowDefinition[] workflows
    )
    {
        _folder = folder;
        Time = new JumpingTime(new DateTimeOffset(2026, 3, 2, 0, 0, 0, TimeSpan.Zero));
        Supervisors = new FakeSupervisors(Time);
        Configuration = new OrchestratorConfiguration
        {
            DefaultAgent = defaultAgent,
            Agents = new Dictionary<string, AgentDefinition>(StringComparer.Ordinal)
            {
                [Checks] = new()
                {
                    Name = Checks,
                    Kind = AgentKind.Command,
                    Command = ["sh", "-c", "true"],
                },
                [Program] = new()
                {
                    Name = Program,
                    Kind = AgentKind.Cli,
                    Command = ["sh", "-c", "true"],
                },
            },
            Limits = limits ?? new RunLimits { MaxAttempts = 1 },
            Escalation = channels ?? new EscalationChannels(),
            Workflows = new[] { BuiltInWorkflow.Default }
                .Concat(workflows)
                .GroupBy(static workflow => workflow.Name, StringComparer.Ordinal)
                .ToDictionary(static group => group.Key, static group => group.Last(), StringComparer.Ordinal),
        };
        IsTrusted = trusted;
        Workspace = Open();
    }

    public JumpingTime Time { get; }

    public FakeSupervisors Supervisors { get; }

    public FakeNotices Notices { get; } = new();

    public FakeEvidence Evidence { get; } = new();

    /// <summary>Where processes that are opened from now on write their log.</summary>
    public ILoggerFactory Logging { get; init; } = NullLoggerFactory.Instance;

    /// <summary>What processes that are opened from now on have read.</summary>
    public OrchestratorConfiguration Configuration { get; set; }

    /// <summary>What makes schedules of the content of their file, in processes that are opened from now on.</summary>
    public ScheduleReader ReadSchedules { get; set; } = ScheduleFile.Read;

    public bool IsTrusted { get; }

    /// <summary>Where the user's words are recorded.</summary>
    public string RecordFile => _user.File("trusted-workspaces");

    public Workspace Workspace { get; private set; }

    public WorkspacePaths Paths => _folder.Paths;

    public DateTimeOffset Now => Time.GetUtcNow();

    /// <summary>Another process on the same folder, as far as its objects go.</summary>
    public Workspace Open() => Open(IsTrusted);

    /// <summary>As above, with trust or without.</summary>
    public Workspace Open(bool trusted)
    {
        var trust = new WorkspaceTrust(_folder.FullPath, trusted ? "the test" : null, RecordFile);
        var outside = new OutsideWorld(Supervisors, Notices, Evidence) { Schedules = ReadSchedules };
        var workspace = new Workspace(_folder.Paths, Configuration, trust, outside, Time, Logging);
        _open.Add(workspace);
        return workspace;
    }

    /// <summary>The database as another process has it.</summary>
    public StateDatabase OpenDatabase()
    {
        var database = SqliteStorage.OpenDatabase(_folder.Paths, new RunFolderRebuild(_folder.Paths, Time), time: Time);
        _databases.Add(database);
        return database;
    }

    /// <summary>The agent of a run that was started, as its own MCP server knows it.</summary>
    public RunCaller AgentOf(string runId) =>
        new() { RunId = runId, RunToken = Supervisors.Orders.Last(order => order.RunId == runId).Environment![RunEnvironment.RunToken] };

    /// <summary>The process ends and another one starts.</summary>
    public void Restart() => Workspace = Open();

    /// <summary>The process was killed, and another one starts: what it had taken is nobody's any more.</summary>
    public async Task KillAsync()
    {
        Restart();
        await Workspace.Database.WriteAsync(
            (connection, _) =>
                connection.Execute(
                    "UPDATE runs SET executor = @dead WHERE executor IS NOT NULL",
                    ("@dead", FakeSupervisors.Dead.ToString())
                ),
            TestContextToken
        );
    }

    /// <summary>Writes the list of schedules.</summary>
    public void WriteSchedules(params string[] entries) => WriteScheduleFile($"{{\"schedules\":[{string.Join(',', entries)}]}}");

    /// <summary>Writes the file of schedules as it is, with a time of writing of its own.</summary>
    public void WriteScheduleFile(string content)
    {
        var temporary = Paths.Schedules + ".new";
        File.WriteAllText(temporary, content);
        File.Move(temporary, Paths.Schedules, overwrite: true);
    }

    /// <summary>An entry that is due every so many minutes.</summary>
    public static string Every(int minutes, string id = "s", string more = "") =>
        $$"""{"id":"{{id}}","name":"{{id}}","mode":"code","taskInstructions":"do {{id}}","timeInterval":{{minutes}},"timeUnit":"minute","timeZone":"UTC"{{(more.Length > 0 ? "," + more : "")}}}""";

    /// <summary>One look of both loops without their sleep: runs, due moments, owed rows, queue, cycles.</summary>
    public async Task RunPassAsync(Workspace? workspace = null)
    {
        await (workspace ?? Workspace).Loop.RunPassAsync(TestContextToken);
        await (workspace ?? Workspace).CycleEngine.RunPassAsync(TestContextToken);
    }

    /// <summary>One look at the running runs only.</summary>
    public Task SweepAsync() => Workspace.Loop.SweepAsync(TestContextToken);

    /// <summary>Moves the clock and looks.</summary>
    public async Task PassAfterAsync(TimeSpan time)
    {
        Time.Advance(time);
        await RunPassAsync();
    }

    public void Dispose()
    {
        _open.ForEach(static workspace => workspace.Dispose());
        _databases.ForEach(static database => database.Dispose());
        _folder.Dispose();
        _user.Dispose();
    }

    private static CancellationToken TestContextToken => Xunit.TestContext.Current.CancellationToken;
}
