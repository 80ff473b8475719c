using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Scheduling.Checks;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Trust;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>Puts together what fires schedules, what callers do with them, and the loop that does all work of the moment.</summary>
internal sealed class SchedulingFeature
{
    private readonly WorkspaceEnvironment _environment;
    private readonly IStorage _storage;
    private readonly RunsFeature _runs;
    private readonly ServerRegistry _servers;
    private readonly OnlyIfChecks _checks;
    private readonly Scheduler _scheduler;

    /// <param name="environment">The workspace.</param>
    /// <param name="storage">What is recorded of it.</param>
    /// <param name="source">The file of schedules.</param>
    /// <param name="runs">The runs that schedules ask for.</param>
    /// <param name="seen">Whether a person has seen what they execute.</param>
    /// <param name="servers">The live servers.</param>
    public SchedulingFeature(
        WorkspaceEnvironment environment, IStorage storage, ScheduleSource source, RunsFeature runs, SeenEntries seen, ServerRegistry servers)
    {
        var (paths, time, ledger, bell) = (environment.Paths, environment.Time, storage.Ledger, environment.Bell);
        (_environment, _storage, _runs, _servers) = (environment, storage, runs, servers);
        _checks = new OnlyIfChecks(
            paths, source, ledger, runs.Agents.Supervisors, seen, servers, time, bell.Runs.Set, environment.Logger<OnlyIfChecks>());
        _scheduler = new Scheduler(
            paths,
            source,
            ledger,
            storage.Pauses,
            storage.Runs,
            runs.Factory,
            runs.Admission,
            runs.Service,
            _checks,
            time,
            environment.Logger<Scheduler>());
        Service = new ScheduleService(
            source,
            ledger,
            new ScheduleEditor(paths, source, runs.Agents.Modes, ledger, storage.Runs, time),
            new ScheduleTrigger(paths, source, ledger, runs.Factory, runs.Admission),
            new SchedulePauses(source, storage.Pauses, storage.Escalations, time),
            bell.Ring);
    }

    /// <summary>For callers.</summary>
    public ScheduleService Service { get; }

    /// <summary>The loop of this process: schedules, runs, and what is looked at beside them.</summary>
    /// <param name="notifier">Tells others of escalations.</param>
    /// <param name="retention">Removes what is old.</param>
    public SchedulerLoop CreateLoop(EscalationNotifier notifier, RunRetention retention) => new(
        _environment.Paths,
        _storage.Health,
        _scheduler,
        _runs.Watcher,
        _runs.Finisher,
        _runs.Dispatcher,
        notifier,
        retention,
        _checks,
        _servers,
        _environment.Bell.Runs,
        _environment.Bell.Cycles.Set,
        _environment.Time,
        _environment.Logger<SchedulerLoop>());
}
