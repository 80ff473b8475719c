using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Integration;
using LoopOrchestrator.Core.Memory;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Core.Scheduling.Checks;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Indexes;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Core.Timing.Rotation;
using LoopOrchestrator.Core.Todo;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Planning;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core;

/// <summary>
/// One workspace with everything that belongs to it, put together. A process may have several. Making one opens and creates nothing:
/// files and database are touched by the first use. Safe for many threads.
/// </summary>
public sealed class Workspace : IDisposable
{
    private readonly SqliteStorage _storage;
    private readonly SchedulerLoop _loop;
    private readonly CycleLoop _cycles;
    private readonly Scheduler _scheduler;
    private readonly ScheduleEditor _editor;
    private readonly IRunStore _store;
    private readonly RunFinisher _finisher;
    private readonly RunDispatcher _dispatcher;
    private readonly RunHold _runHold;
    private readonly EscalationNotifier _notifier;
    private readonly INoticeSender _sender;
    private readonly WakeSignal _wake = new();
    private readonly ILoggerFactory _logging;

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
        ILoggerFactory logging)
        : this(paths, configuration, trust, new SupervisorLauncher(selfCommand), new NoticeSender(paths, configuration?.Escalation ?? new EscalationChannels(), time), new WorkEvidence(paths, new CheckpointStore(paths, time), new StepWorktrees(paths, time)), time, logging)
    {
    }

    internal Workspace(
        WorkspacePaths paths,
        OrchestratorConfiguration configuration,
        WorkspaceTrust trust,
        ISupervisorLauncher supervisors,
        INoticeSender notices,
        IWorkEvidence evidence,
        TimeProvider time,
        ILoggerFactory logging)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var redactor = configuration.CreateRedactor();
        Redactor = redactor;
        Paths = paths;
        Trust = trust;
        Time = time;
        _logging = logging;
        _storage = new SqliteStorage(paths, new RunFolderRebuild(paths, time), redactor, time, logging.CreateLogger<StateDatabase>());
        _store = _storage.Runs;
        Modes = new ModeFile(paths);
        Schedules = new ScheduleSource(paths, time, [.. configuration.Workflows.Keys]);
        Servers = new ServerRegistry(_storage.Servers, time);
        _editor = new ScheduleEditor(paths, Schedules, Modes, _storage.Ledger, _store, time);
        Timing = SqliteIndexes.TimingLog(paths, time);
        Memory = new MemoryStore(paths, redactor, time, configuration.Memory);
        MemorySearch = SqliteIndexes.MemorySearch(paths);
        Todo = new TodoStore(paths, time);
        Agents = new AgentCatalog(configuration.AgentSettings);
        Seen = new TrustInventory(paths, configuration, Schedules, Modes, redactor).OpenSeen(trust, time);
        var commitNow = CommitFile.Open(paths, configuration);
        var file = configuration.FileName;
        _runHold = new RunHold(Seen, Agents, Modes, configuration.AgentSettings, commitNow);
        var cycleTrust = new CycleTrust(Seen, _runHold, _store, file);
        Commits = new CommitService(paths, configuration.Commit, Seen, file, redactor, time);
        var limits = configuration.Limits;
        var cycles = _storage.Cycles;
        var stepContext = new StepContextReader(paths, cycles, _store, MemorySearch);
        var briefs = new RunBriefs(paths, _store, Memory, stepContext, time);
        var escalationMemory = new EscalationMemory(_storage.Escalations, _store, Memory, logging.CreateLogger<EscalationMemory>());
        var policy = new RunEndPolicy(limits, configuration.Escalation.Names);
        _finisher = new RunFinisher(paths, _store, policy, Timing, Memory, Todo, escalationMemory, Schedules, logging.CreateLogger<RunFinisher>());
        var factory = new RunFactory(paths, Modes, Agents, configuration.Workflows, _store, limits, time);
        var launcher = new RunLauncher(paths, _store, Agents, limits, briefs, stepContext, Timing, supervisors, redactor, time);
        var admission = new RunAdmission(_store, _storage.Escalations, limits, time);
        var leases = _storage.Leases;
        LeaseKeeper = new LeaseKeeper(leases, limits, time, logging.CreateLogger<LeaseKeeper>());
        var reports = new RunReports(paths, _store, _finisher, redactor, time);
        var claims = new RunClaims(_store, launcher, _finisher, briefs, Modes, limits, time);
        var beats = new RunBeats(_store, leases, LeaseKeeper);
        Runs = new RunService(paths, _store, factory, admission, claims, beats, reports, _finisher, briefs, new RunReadiness(trust, Servers), redactor, time, Wake);
        var dispatcher = new RunDispatcher(_store, launcher, _finisher, _runHold, Schedules, limits, time, _wake.Set, logging.CreateLogger<RunDispatcher>());
        _dispatcher = dispatcher;
        var checks = new OnlyIfChecks(paths, Schedules, _storage.Ledger, supervisors, Seen, Servers, time, _wake.Set, logging.CreateLogger<OnlyIfChecks>());
        _scheduler = new Scheduler(paths, Schedules, _storage.Ledger, _storage.Pauses, _store, factory, admission, Runs, checks, time, logging.CreateLogger<Scheduler>());
        var watcher = new RunWatcher(paths, _store, _finisher, Timing, new LeaseClock(leases, _store, limits, time), limits, time, logging.CreateLogger<RunWatcher>());
        _sender = notices;
        _notifier = new EscalationNotifier(
            paths,
            _storage.Notices,
            notices,
            Seen,
            channel => EscalationTrust.Entry(channel, configuration.Escalation, file),
            time,
            logging.CreateLogger<EscalationNotifier>());
        TimingRotation = new TimingRotation(paths, configuration.Timing, trust, time);
        Retention = new RunRetention(paths, _storage.Retention, new RowRetention(_storage.Retention, limits, time), TimingRotation, limits, time, logging.CreateLogger<RunRetention>());
        var checkpoints = new CheckpointStore(paths, time);
        Rollback = new CycleRollback(cycles, _store, checkpoints, trust);
        CycleChanges = new CycleChanges(cycles, _store, checkpoints);
        var commands = new CycleCommands(paths, new SupervisedCommand(paths, supervisors, time, WakeCycles, logging.CreateLogger<CycleCommands>()));
        StateCheck = new StateFolderCheck(paths, _store, time);
        var cycleEvidence = new CycleEvidence(evidence, trust, time);
        CycleEngine = new CycleEngine(
            paths,
            configuration.Workflows,
            cycles,
            _store,
            _finisher,
            launcher,
            new CycleHold(cycles, _store, _storage.Pauses, admission, Schedules, cycleTrust, time),
            new CycleSteps(Modes, Agents, factory, time),
            new CycleItems(cycles, _store, commands, cycleEvidence, cycleTrust, StateCheck, time),
            commands,
            cycleEvidence,
            new CycleEnding(cycles, _store, time),
            time,
            Wake,
            logging.CreateLogger<CycleEngine>());
        _cycles = new CycleLoop(paths, CycleEngine, Servers, trust, time, logging.CreateLogger<CycleLoop>());
        _loop = new SchedulerLoop(paths, _storage.Health, _scheduler, watcher, _finisher, dispatcher, _notifier, Retention, checks, Servers, _wake, WakeCycles, time, logging.CreateLogger<SchedulerLoop>());
        Status = new StatusReader(new StatusSources
        {
            Paths = paths,
            Trust = trust,
            Seen = Seen,
            Modes = Modes,
            Schedules = Schedules,
            Workflows = new WorkflowFindings(paths, new WorkflowCatalog(configuration.Workflows).All, Modes, Agents),
            Ledger = _storage.Ledger,
            Storage = _storage.Health,
            Runs = _store,
            Admission = admission,
            Cycles = cycles,
            Escalations = _storage.Escalations,
            Notices = _storage.Notices,
            Servers = Servers,
            Memory = Memory,
            Limits = limits,
            Time = time,
        });
        TimingAudit = new TimingAuditReader(Timing, Schedules, _store, limits, time);
    }

    /// <summary>Where its files are.</summary>
    public WorkspacePaths Paths { get; }

    /// <summary>Takes the credentials that it knows of out of texts.</summary>
    internal Redactor Redactor { get; }

    internal StateFolderCheck StateCheck { get; }

    /// <summary>Whether its commands may be executed.</summary>
    public WorkspaceTrust Trust { get; }

    /// <summary>Which of its commands a person has seen.</summary>
    public SeenEntries Seen { get; }

    /// <summary>Its clock.</summary>
    public TimeProvider Time { get; }

    /// <summary>Its modes.</summary>
    public ModeFile Modes { get; }

    /// <summary>Its schedules.</summary>
    public ScheduleSource Schedules { get; }

    /// <summary>Its ledger of occurrences.</summary>
    public IOccurrenceReader Ledger => _storage.Ledger;

    /// <summary>Its server processes.</summary>
    public ServerRegistry Servers { get; }

    /// <summary>Its time log.</summary>
    public TimingLog Timing { get; }

    /// <summary>Moving the months of its time log that are over.</summary>
    public TimingRotation TimingRotation { get; }

    /// <summary>Its memory.</summary>
    public MemoryStore Memory { get; }

    /// <summary>Searching its memory and the archive of it.</summary>
    public MemorySearch MemorySearch { get; }

    /// <summary>Changing its plan.</summary>
    public TodoStore Todo { get; }

    /// <summary>Its agents.</summary>
    public AgentCatalog Agents { get; }

    /// <summary>Committing what has changed in it.</summary>
    public CommitService Commits { get; }

    /// <summary>Its escalations.</summary>
    public IEscalationReader Escalations => _storage.Escalations;

    /// <summary>Its runs.</summary>
    public RunService Runs { get; }

    /// <summary>Its cycles.</summary>
    public ICycleReader Cycles => _storage.Cycles;

    /// <summary>What its cycles have changed.</summary>
    public CycleChanges CycleChanges { get; }

    /// <summary>Taking back what its cycles changed.</summary>
    public CycleRollback Rollback { get; }

    /// <summary>What can be said of it now.</summary>
    public StatusReader Status { get; }

    /// <summary>Its time log, compared with the limits.</summary>
    public TimingAuditReader TimingAudit { get; }

    /// <summary>
    /// Why a run waits until a person has looked at what it would execute, as far as this process can say; <see langword="null"/> when it
    /// does not.
    /// </summary>
    public string? WhyHeld(Run run) => Seen.IsTrusted ? _runHold.Check(run).Held : null;

    internal SchedulerLoop Loop => _loop;

    internal CycleEngine CycleEngine { get; }

    internal StateDatabase Database => _storage.Database;

    internal IStorage Storage => _storage;

    /// <summary>Whether the folder of the state was removed under this process, and is not put back yet.</summary>
    public bool IsStateGone => _storage.Health.IsGone;

    internal LeaseKeeper LeaseKeeper { get; }

    internal EscalationNotifier Notifier => _notifier;

    internal RunRetention Retention { get; }

    /// <summary>Fires, starts and looks after runs until cancelled: together with other processes of the workspace, each thing is done by exactly one.</summary>
    /// <param name="mode">How this process is reached (<c>stdio</c> or <c>http</c>), for status.</param>
    /// <param name="cancellationToken">Ends the loop.</param>
    public async Task RunLoopAsync(string mode, CancellationToken cancellationToken)
    {
        // First of all: a word given to this process is for what is there now, before any of its agents has written anything.
        Seen.Begin();
        if (!await WaitForWorkAsync(cancellationToken))
        {
            return;
        }

        StateFolder.Ensure(Paths);
        using var watch = new WorkspaceWatch(Paths, _wake, _logging.CreateLogger<WorkspaceWatch>());
        await Task.WhenAll(_loop.RunAsync(mode, MayExecute, cancellationToken), _cycles.RunAsync(cancellationToken));

        ServerTrust MayExecute() => new(Trust.IsTrusted, string.Join('\n', Seen.Held()));
    }

    /// <summary>Has the servers of this workspace look at once, because something outside of it has changed.</summary>
    public void Ring() => RunBell.Ring(Paths.Bell);

    /// <summary>Starts a schedule's work now, by hand.</summary>
    /// <exception cref="UserErrorException">There is no such schedule, or it has a run already.</exception>
    public async Task<Run> TriggerAsync(string scheduleId, CancellationToken cancellationToken = default)
    {
        var run = await _scheduler.TriggerAsync(scheduleId, cancellationToken);
        Wake();
        return run;
    }

    /// <summary>Creates a schedule in the file, or changes one; see <see cref="ScheduleEdit"/>.</summary>
    /// <exception cref="UserErrorException">It was refused, with every reason; nothing was changed.</exception>
    public async Task<ScheduleSaved> SaveScheduleAsync(ScheduleEdit edit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(edit);
        var saved = await _editor.SaveAsync(edit, cancellationToken);
        Wake();
        return saved;
    }

    /// <summary>Removes a schedule from the file. What waits of it is dropped; a run of it that is queued or going on is left.</summary>
    /// <exception cref="UserErrorException">There is no such schedule, or the file cannot be changed.</exception>
    public async Task<ScheduleDeleted> DeleteScheduleAsync(string scheduleId, CancellationToken cancellationToken = default)
    {
        var deleted = await _editor.DeleteAsync(scheduleId, cancellationToken);
        Wake();
        return deleted;
    }

    /// <summary>Pauses one schedule, or all with <see cref="ScheduleState.AllSchedules"/>; their backlog is dropped.</summary>
    /// <exception cref="UserErrorException">There is no such schedule.</exception>
    public async Task<IReadOnlyList<string>> PauseAsync(string scheduleId, string reason, CancellationToken cancellationToken = default)
    {
        CheckSchedule(scheduleId);
        var dropped = await _storage.Pauses.PauseAsync(scheduleId, reason, Time.GetUtcNow(), cancellationToken);
        Wake();
        return dropped;
    }

    /// <summary>Ends a pause. False when there was none.</summary>
    /// <exception cref="UserErrorException">There is no such schedule, or an escalation has stopped it, which is resolved instead.</exception>
    public async Task<bool> ResumeAsync(string scheduleId, CancellationToken cancellationToken = default)
    {
        CheckSchedule(scheduleId);
        if (await _storage.Escalations.FindOpenOfScheduleAsync(scheduleId, cancellationToken) is { } open)
        {
            throw new UserErrorException(
                $"Schedule '{scheduleId}' is stopped by escalation {open.Id}: {open.Reason}. Mend the cause, then resolve it with a note (tool resolve_escalation, or 'loop-orchestrator escalations resolve {open.Id} NOTE'); that lets it go on.");
        }

        var resumed = await _storage.Pauses.ResumeAsync(scheduleId, Time.GetUtcNow(), cancellationToken);
        Wake();
        return resumed;
    }

    /// <summary>Resolves an escalation: the count of failures begins anew, and the schedule goes on when nothing else has paused it.</summary>
    /// <param name="id">The escalation's number.</param>
    /// <param name="note">What was done about it; not blank.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The escalation, and whether its schedule goes on; <see langword="null"/> when it has none.</returns>
    /// <exception cref="UserErrorException">There is no such escalation, it is resolved already, or the note is empty.</exception>
    public async Task<ResolvedEscalation> ResolveAsync(long id, string note, CancellationToken cancellationToken = default)
    {
        var result = await _storage.Escalations.ResolveAsync(id, note, Time.GetUtcNow(), cancellationToken);
        Wake();
        return result;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        LeaseKeeper.Dispose();
        _dispatcher.Dispose();
        _notifier.Dispose();
        Retention.Dispose();
        (_sender as IDisposable)?.Dispose();
        Timing.Dispose();
        MemorySearch.Dispose();
        _storage.Dispose();
    }

    // Clients start a server in whatever folder they are opened in. One without schedules, where nobody has asked for anything yet, stays as it is.
    private async Task<bool> WaitForWorkAsync(CancellationToken cancellationToken)
    {
        while (!Directory.Exists(Paths.State) && !File.Exists(Schedules.FilePath))
        {
            try
            {
                await _wake.WaitAsync(SchedulerLoop.TakeOver, Time, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return false;
            }
        }

        return true;
    }

    private void CheckSchedule(string scheduleId)
    {
        if (scheduleId != ScheduleState.AllSchedules)
        {
            Schedules.Get(scheduleId);
        }
    }

    // Here at once, in the other processes through the bell.
    private void Wake()
    {
        _wake.Set();
        RunBell.Ring(Paths.Bell);
    }

    private void WakeCycles() => _cycles.Signal.Set();
}
