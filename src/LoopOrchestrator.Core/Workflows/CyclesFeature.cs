using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Workflows;

/// <summary>Puts together what drives cycles, and what callers do with them.</summary>
internal sealed class CyclesFeature
{
    /// <param name="environment">The workspace.</param>
    /// <param name="storage">What is recorded of it.</param>
    /// <param name="runs">The runs that their steps are.</param>
    /// <param name="schedules">The schedules, of which a cycle waits for its own.</param>
    /// <param name="work">What their steps have changed.</param>
    /// <param name="seen">Whether a person has seen what they execute.</param>
    /// <param name="servers">The live servers.</param>
    public CyclesFeature(
        WorkspaceEnvironment environment,
        IStorage storage,
        RunsFeature runs,
        ScheduleSource schedules,
        IWorkEvidence work,
        ApprovedEntries seen,
        ServerRegistry servers
    )
    {
        var (paths, time, cycles, store, bell) = (environment.Paths, environment.Time, storage.Cycles, storage.Runs, environment.Bell);
        var trust = new CycleTrust(seen, runs.Agents.Hold, store, runs.Settings.File);
        var supervised = new SupervisedCommand(paths, runs.Agents.Supervisors, time, bell.Cycles.Set, environment.Logger<CycleCommands>());
        var commands = new CycleCommands(paths, supervised);
        var evidence = new CycleEvidence(work, seen.Trust, time);
        StateCheck = new StateFolderCheck(paths, store, time);
        var steps = new CycleSteps(runs.Agents.Modes, runs.Agents.Catalog, runs.Factory, time);
        var items = new CycleItems(cycles, store, commands, evidence, trust, StateCheck, time);
        var ending = new CycleEnding(cycles, store, paths, time);
        var verdicts = new CycleVerdicts(cycles, ending, time, bell.Ring);
        var moves = new CycleMoves(
            cycles,
            new CycleHold(cycles, store, storage.Pauses, runs.Admission, schedules, trust, time),
            items,
            new CycleBeginnings(cycles, steps, commands, evidence, verdicts, time, bell.Ring),
            verdicts,
            new CycleClosing(cycles, store, items, evidence, ending, runs.Finisher, bell.Ring),
            time
        );
        var lost = new LostCycle(store, runs.Finisher, time, bell.Ring);
        var logger = environment.Logger<CycleEngine>();
        Engine = new CycleEngine(
            cycles,
            new CycleOpening(runs.Settings.Workflows, cycles, runs.Finisher, steps, time, logger),
            new CycleDrive(cycles, lost, new CycleRecord(paths, store, runs.StartRow), moves),
            evidence,
            time,
            logger
        );
        Loop = new CycleLoop(paths, Engine, servers, seen.Trust, bell.Cycles, time, environment.Logger<CycleLoop>());
        var checkpoints = new CheckpointStore(paths, time);
        Service = new CycleService(
            cycles,
            commands,
            new CycleChanges(cycles, store, checkpoints, environment.Redactor),
            new CycleRollback(cycles, store, checkpoints, seen.Trust)
        );
    }

    /// <summary>For callers.</summary>
    public CycleService Service { get; }

    /// <summary>Takes cycles further.</summary>
    public CycleEngine Engine { get; }

    /// <summary>Drives them as long as this process lives.</summary>
    public CycleLoop Loop { get; }

    /// <summary>Whether a step has changed what is nobody's to change.</summary>
    public StateFolderCheck StateCheck { get; }
}
