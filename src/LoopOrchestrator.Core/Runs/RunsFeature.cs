using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Storage;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Puts together the life of a run: asked for, started, looked after, ended.</summary>
internal sealed class RunsFeature : IDisposable
{
    /// <param name="environment">The workspace.</param>
    /// <param name="storage">What is recorded of it.</param>
    /// <param name="settings">The limits of runs.</param>
    /// <param name="recording">What is written when a run ends.</param>
    /// <param name="agents">Who does the work.</param>
    /// <param name="steps">What a run is told that is a step of a cycle.</param>
    /// <param name="servers">The live servers, of which one may start programs.</param>
    public RunsFeature(
        WorkspaceEnvironment environment,
        IStorage storage,
        RunSettings settings,
        RunRecording recording,
        RunAgents agents,
        IStepContextReader steps,
        ServerRegistry servers
    )
    {
        var (paths, time, store, limits) = (environment.Paths, environment.Time, storage.Runs, settings.Limits);
        Settings = settings;
        Requests = new RequestService(storage.Requests, paths, time);
        Agents = agents;
        Finisher = recording.Finisher;
        Factory = new RunFactory(paths, agents.Modes, agents.Catalog, settings, store, time, environment.Chance);
        Admission = new RunAdmission(store, storage.Escalations, limits, time);
        LeaseKeeper = new LeaseKeeper(storage.Leases, limits, time, environment.Logger<LeaseKeeper>());

        var briefs = new RunBriefs(paths, store, recording.Memory, steps, time);
        StartRow = new RunStartRow(paths, store, briefs, recording.Timing, time);
        var launcher = new RunLauncher(paths, store, agents, briefs, steps, limits, time);
        var starts = new RunStarts(agents, StartRow, launcher, Finisher, recording.Schedules, time, environment.Logger<RunDispatcher>());
        Dispatcher = new RunDispatcher(store, starts, Finisher, agents.Hold, limits, time, environment.Logger<RunDispatcher>());

        var supervised = new SupervisedRuns(paths, store, recording.Timing, limits, time, environment.Logger<RunWatcher>());
        var leases = new LeaseClock(storage.Leases, store, limits, time);
        Watcher = new RunWatcher(paths, store, Finisher, supervised, leases, time, environment.Logger<RunWatcher>());

        Action wake = environment.Bell.Ring;
        var reader = new RunReader(paths, store, briefs, Finisher.Ended, environment.Redactor, time);
        var claims = new RunClaims(store, StartRow, Finisher, briefs, agents.Modes, limits, time);
        var beats = new RunBeats(store, storage.Leases, LeaseKeeper);
        var handOffs = new RunHandOffs(store, reader, claims, beats, time, wake);
        var readiness = new RunReadiness(agents.Hold.Trust, servers);
        Service = new RunService(
            reader,
            new RunRequests(store, Requests, Factory, Admission, handOffs, readiness, wake),
            handOffs,
            new RunReports(paths, store, Finisher, Requests, environment.Redactor, time, wake),
            new RunAnswers(store, reader, environment.Redactor, time, wake),
            new RunCancellation(paths, store, reader, Finisher, time, wake),
            agents.Hold
        );
    }

    /// <summary>For callers.</summary>
    public RunService Service { get; }

    /// <summary>The limits of runs.</summary>
    public RunSettings Settings { get; }

    /// <summary>The calls with a request id.</summary>
    public RequestService Requests { get; }

    /// <summary>Who does the work.</summary>
    public RunAgents Agents { get; }

    /// <summary>Makes runs of requests.</summary>
    public RunFactory Factory { get; }

    /// <summary>Whether a further run may be asked for.</summary>
    public RunAdmission Admission { get; }

    /// <summary>Writes the start of a run.</summary>
    public RunStartRow StartRow { get; }

    /// <summary>Ends runs.</summary>
    public RunFinisher Finisher { get; }

    /// <summary>Starts what is queued.</summary>
    public RunDispatcher Dispatcher { get; }

    /// <summary>Looks after what is running.</summary>
    public RunWatcher Watcher { get; }

    /// <summary>Keeps what this process's clients have taken.</summary>
    public LeaseKeeper LeaseKeeper { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        LeaseKeeper.Dispose();
        Dispatcher.Dispose();
    }
}
