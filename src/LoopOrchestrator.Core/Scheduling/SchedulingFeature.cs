using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Escalations;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Retention;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Scheduling.Checks;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Trust;

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
        WorkspaceEnvironment environment,
        IStorage storage,
        ScheduleSource source,
        RunsFeature runs,
        ApprovedEntries seen,
        ServerRegistry servers
    )
    {
        var (paths, time, ledger, bell) = (environment.Paths, environment.Time, storage.Ledger, environment.Bell);
        (_environment, _storage, _runs, _servers) = (environment, storage, runs, servers);
        var logger = environment.Logger<Scheduler>();
        var checkLogger = environment.Logger<OnlyIfChecks>();
        var commands = new SupervisedCommand(paths, runs.Agents.Supervisors, time, bell.Runs.Set, checkLogger);
        _checks = new OnlyIfChecks(paths, source, ledger, commands, seen, servers, checkLogger);
        var planned = new ScheduleRuns(paths, storage.Runs, runs.Factory, runs.Admission, _checks, logger);
        var outcomes = new ScheduleOutcomes(runs.Service, logger);
        _scheduler = new Scheduler(
            source,
            new ScheduleStates(source, ledger, storage.Pauses, logger),
            planned,
            new DueOccurrences(ledger, outcomes, logger),
            new CheckingOccurrences(source, ledger, _checks, planned, outcomes),
            new WaitingOccurrences(source, ledger, storage.Runs, planned, outcomes, runs.Service),
            time
        );
        Service = new ScheduleService(
            source,
            ledger,
            new ScheduleEditor(paths, source, runs.Agents.Modes, ledger, storage.Runs, time),
            new ScheduleTrigger(paths, source, ledger, storage.Runs, runs.Requests, runs.Factory, runs.Admission),
            new SchedulePauses(source, storage.Pauses, storage.Escalations, time),
            runs.Requests,
            bell.Ring
        );
    }

    /// <summary>For callers.</summary>
    public ScheduleService Service { get; }

    /// <summary>The loop of this process: schedules, runs, and what is looked at beside them.</summary>
    /// <param name="notifier">Tells others of escalations.</param>
    /// <param name="retention">Removes what is old.</param>
    public SchedulerLoop CreateLoop(EscalationNotifier notifier, RunRetention retention)
    {
        var logger = _environment.Logger<SchedulerLoop>();
        return new SchedulerLoop(
            new SchedulerTurn(_environment.Paths, _storage.Health, _servers, logger),
            new LoopWork(_scheduler, _runs.Watcher, _runs.Finisher, _runs.Dispatcher, notifier, _checks),
            retention,
            _environment.Bell.Runs,
            _environment.Bell.Cycles.Set,
            _environment.Time,
            logger
        );
    }
}
