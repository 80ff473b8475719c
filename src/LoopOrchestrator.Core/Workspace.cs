using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Alarms;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Moving;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Reports;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Telemetry.Export;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Rotation;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Core.WorkFiles;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Planning;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core;

/// <summary>
/// One workspace with everything that belongs to it, put together: what is done with something is found where the thing is. A process
/// may have several. Making one opens and creates nothing: files and database are touched by the first use. Safe for many threads.
/// </summary>
public sealed class Workspace : IDisposable
{
    private readonly SqliteStorage _storage;
    private readonly EscalationFeature _escalations;
    private readonly AlarmFeature _alarms;
    private readonly RunsFeature _runs;
    private readonly CyclesFeature _cycles;
    private readonly WorkspaceEnvironment _environment;
    private readonly WorkspaceLoops _loops;

    /// <summary>Puts a workspace together.</summary>
    /// <param name="paths">Where its files are.</param>
    /// <param name="configuration">Its agents, modes and limits.</param>
    /// <param name="trust">Whether its commands may be executed.</param>
    /// <param name="selfCommand">How this program is started again: as a supervisor, and as the MCP server of an agent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logging">Where log entries go.</param>
    public Workspace(
        WorkspacePaths paths,
        OrchestratorConfiguration configuration,
        WorkspaceTrust trust,
        IReadOnlyList<string> selfCommand,
        TimeProvider time,
        ILoggerFactory logging
    )
        : this(paths, configuration, trust, OutsideWorld.Of(paths, configuration, selfCommand, time), time, logging) { }

    internal Workspace(
        WorkspacePaths paths,
        OrchestratorConfiguration configuration,
        WorkspaceTrust trust,
        OutsideWorld outside,
        TimeProvider time,
        ILoggerFactory logging
    )
    {
        var (redactor, file, limits) = (configuration.CreateRedactor(), configuration.FileName, configuration.Limits);
        _environment = new WorkspaceEnvironment(paths, redactor, time, logging) { Chance = outside.Chance };
        _storage = new SqliteStorage(paths, new RunFolderRebuild(paths, time), redactor, time, _environment.Logger<StateDatabase>());

        // The files of the workspace.
        Modes = new ModeFile(paths);
        Agents = new AgentCatalog(configuration.AgentSettings);
        var source = new ScheduleSource(paths, time, outside.Schedules, [.. configuration.Workflows.Keys], Modes);
        Timing = SqliteIndexes.TimingLog(paths, time);
        TimingRotation = new TimingRotation(paths, configuration.Timing, trust, time);
        Memory = new MemoryStore(paths, redactor, time, configuration.Memory);
        MemorySearch = SqliteIndexes.MemorySearch(paths);
        Todo = new TodoStore(paths, time);
        Files = new WorkFileService(paths, redactor, time);

        // Who may do what.
        Approved = new TrustInventory(paths, configuration, source, Modes, redactor).OpenApproved(trust, time);
        Servers = new ServerRegistry(_storage.Servers, time, paths.Root);
        Commits = new CommitService(paths, configuration.Commit, Approved, file, redactor, time);

        // What happens, each on what stands above it.
        _escalations = new EscalationFeature(_environment, _storage.Escalations, _storage.Notices, outside.Notices, Approved, channel =>
            EscalationTrust.Entry(channel, configuration.Escalation, file)
        );
        var settings = new RunSettings
        {
            Limits = limits,
            EndPolicy = new RunEndPolicy(limits, configuration.Escalation.Names),
            Workflows = configuration.Workflows,
            File = file,
        };
        var hold = new RunHold(
            Approved,
            Agents,
            Modes,
            configuration.AgentSettings,
            new AgentHolds(_storage.AgentHolds, Agents, configuration.AgentSettings, time, _environment.Bell.Ring),
            CommitFile.Open(paths, configuration)
        );
        _runs = new RunsFeature(
            _environment,
            _storage,
            settings,
            new RunRecording(_environment, _storage, settings, Timing, Memory, Todo, source),
            new RunAgents(paths, Modes, Agents, hold, outside.Supervisors, _environment.Bell.Runs.Set, redactor),
            new StepContextReader(paths, _storage.Cycles, _storage.Runs, MemorySearch),
            Servers
        );
        var scheduling = new SchedulingFeature(_environment, _storage, source, _runs, Approved, Servers);
        Schedules = scheduling.Service;
        _cycles = new CyclesFeature(_environment, _storage, _runs, source, outside.Evidence, Approved, Servers);
        Retention = new RunRetention(
            paths,
            _storage.Retention,
            new RowRetention(_storage.Retention, limits, time),
            TimingRotation,
            limits,
            time,
            _environment.Logger<RunRetention>()
        );

        Acknowledgements = new AcknowledgementService(_storage.Acknowledgements, _storage.Runs, time, _environment.Bell.Ring);

        // What can be said of it all.
        Status = new StatusReader(
            new StatusSources
            {
                Paths = paths,
                Trust = trust,
                Approved = Approved,
                Modes = Modes,
                Schedules = source,
                Workflows = new WorkflowDiagnostics(paths, new WorkflowCatalog(configuration.Workflows).All, Modes, Agents),
                ModePlaces = configuration.ModePlaces,
                StartupFile = file,
                Agents = [.. configuration.Agents.Values.OrderBy(static agent => agent.Name, StringComparer.Ordinal)],
                Storage = _storage,
                Admission = _runs.Admission,
                Hold = hold,
                Servers = Servers,
                SkipsToTell = configuration.Alarm.SkipsToTell,
                NoticeTargets = configuration.Alarm.Notices,
                Memory = Memory,
                Limits = limits,
                Time = time,
            }
        );
        _alarms = new AlarmFeature(
            _environment,
            new NamedAlarm(configuration.Alarm, file),
            Approved,
            Servers,
            _storage.Incidents,
            new AlarmHealth(Status.IsWellAsync, Status.SignsAsync),
            new AlarmOutside(outside.Caller, outside.Carrier ?? new NoticeCarrier(paths, time, Environment.GetEnvironmentVariable))
        );
        _loops = new WorkspaceLoops(
            _environment,
            source,
            Approved,
            scheduling.CreateLoop(_escalations.Notifier, Retention),
            _cycles.Loop,
            _alarms
        );
        Telemetry = new TelemetryExport(configuration.Telemetry, file, Approved);
        Moving = new WorkspaceMove(paths, _storage.Transfer, time, Ring);
        Leaving = new WorkspaceLeaving(paths, Approved, Servers, _storage.Transfer, time);
        TimingAudit = new TimingAuditReader(Timing, source, _storage.Runs, limits, time);
        Reports = new ReportReader(paths, _storage, Timing, Status, time);
    }

    /// <summary>Where its files are.</summary>
    public WorkspacePaths Paths => _environment.Paths;

    /// <summary>Its clock.</summary>
    public TimeProvider Time => _environment.Time;

    /// <summary>Whether its commands may be executed.</summary>
    public WorkspaceTrust Trust => Approved.Trust;

    /// <summary>Which of its commands a person has seen.</summary>
    public ApprovedEntries Approved { get; }

    /// <summary>Its server processes.</summary>
    public ServerRegistry Servers { get; }

    /// <summary>Its modes.</summary>
    public ModeFile Modes { get; }

    /// <summary>Its agents.</summary>
    public AgentCatalog Agents { get; }

    /// <summary>Its schedules.</summary>
    public ScheduleService Schedules { get; }

    /// <summary>Its runs.</summary>
    public RunService Runs => _runs.Service;

    /// <summary>Its cycles.</summary>
    public CycleService Cycles => _cycles.Service;

    /// <summary>Its escalations.</summary>
    public EscalationService Escalations => _escalations.Service;

    /// <summary>What a person has seen of what ended.</summary>
    public AcknowledgementService Acknowledgements { get; }

    /// <summary>Its incidents, and who is told of them.</summary>
    public IncidentService Incidents => _alarms.Service;

    /// <summary>The calls that were made with a request id.</summary>
    public RequestService Requests => _runs.Requests;

    /// <summary>Its time log.</summary>
    public TimingLog Timing { get; }

    /// <summary>Its time log, compared with the limits.</summary>
    public TimingAuditReader TimingAudit { get; }

    /// <summary>Moving the months of its time log that are over.</summary>
    public TimingRotation TimingRotation { get; }

    /// <summary>Its memory.</summary>
    public MemoryStore Memory { get; }

    /// <summary>Searching its memory and the archive of it.</summary>
    public MemorySearch MemorySearch { get; }

    /// <summary>Changing its plan.</summary>
    public TodoStore Todo { get; }

    /// <summary>Its files, for clients that have no tools of their own for them.</summary>
    public WorkFileService Files { get; }

    /// <summary>Committing what has changed in it.</summary>
    public CommitService Commits { get; }

    /// <summary>Where what is measured is sent.</summary>
    public TelemetryExport Telemetry { get; }

    /// <summary>All of it as one file.</summary>
    public WorkspaceMove Moving { get; }

    /// <summary>Taking this program out of it.</summary>
    public WorkspaceLeaving Leaving { get; }

    /// <summary>What can be said of it now.</summary>
    public StatusReader Status { get; }

    /// <summary>What happened in it in a period.</summary>
    public ReportReader Reports { get; }

    /// <summary>Whether the folder of the state was removed under this process, and is not put back yet.</summary>
    public bool IsStateGone => _storage.Health.IsGone;

    internal SchedulerLoop Loop => _loops.Scheduler;

    internal CycleEngine CycleEngine => _cycles.Engine;

    internal StateFolderCheck StateCheck => _cycles.StateCheck;

    internal StateDatabase Database => _storage.Database;

    internal IStorage Storage => _storage;

    internal LeaseKeeper LeaseKeeper => _runs.LeaseKeeper;

    internal DeadManSignal DeadManSignal => _alarms.Signal;

    internal IncidentWatch IncidentWatch => _alarms.Watch;

    internal IncidentNotifier IncidentNotifier => _alarms.Notifier;

    internal EscalationNotifier Notifier => _escalations.Notifier;

    internal RunRetention Retention { get; }

    /// <summary>
    /// Fires, starts and looks after runs until cancelled: together with other processes of the workspace, each thing is done by exactly
    /// one.
    /// </summary>
    /// <param name="mode">How this process is reached (<c>stdio</c> or <c>http</c>), for status.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public Task RunLoopAsync(string mode, CancellationToken cancellationToken) => _loops.RunAsync(mode, cancellationToken);

    /// <summary>Has the servers of this workspace look at once, because something outside of it has changed.</summary>
    public void Ring() => RunBell.Ring(Paths.Bell);

    /// <summary>
    /// Calls back whenever something of this workspace may have changed: its runs, its schedules, its modes, its memory, its plan, its time
    /// log. A hint: it may come for nothing and several times, and where a folder cannot be watched it does not come.
    /// </summary>
    /// <param name="changed">Called on any thread; must return at once.</param>
    /// <returns>Disposed of to hear no more.</returns>
    public IDisposable Watch(Action changed) =>
        new WorkspaceWatch(Paths, changed, [Paths.Memory, Paths.Todo, Paths.Timing], _environment.Logger<WorkspaceWatch>());

    /// <inheritdoc/>
    public void Dispose()
    {
        _runs.Dispose();
        _escalations.Notifier.Dispose();
        Retention.Dispose();
        _escalations.Dispose();
        _alarms.Dispose();
        Timing.Dispose();
        MemorySearch.Dispose();
        _storage.Dispose();
    }
}
