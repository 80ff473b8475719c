using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Secrets;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// What callers do with runs: ask for one, look at it, cancel, claim and report it. The same for tools, commands and pages. Safe for
/// many threads; any process of the workspace may call it, whether or not it fires schedules or starts agents.
/// </summary>
public sealed class RunService
{
    /// <summary>The longest wait for a run's end that a call may ask for: many clients cut a call at 60 s.</summary>
    public const int LongestWaitSeconds = 50;

    // An end that this process records is told at once; one that another process records is found by looking.
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly WorkspacePaths _paths;
    private readonly RunStore _store;
    private readonly RunFactory _factory;
    private readonly RunLauncher _launcher;
    private readonly RunFinisher _finisher;
    private readonly RunBriefs _briefs;
    private readonly ModeFile _modes;
    private readonly RunReadiness _readiness;
    private readonly TimeProvider _time;
    private readonly Action _wake;

    internal RunService(
        WorkspacePaths paths,
        RunStore store,
        RunFactory factory,
        RunLauncher launcher,
        RunFinisher finisher,
        RunBriefs briefs,
        ModeFile modes,
        RunReadiness readiness,
        TimeProvider time,
        Action wake)
    {
        _paths = paths;
        _store = store;
        _factory = factory;
        _launcher = launcher;
        _finisher = finisher;
        _briefs = briefs;
        _modes = modes;
        _readiness = readiness;
        _time = time;
        _wake = wake;
    }

    /// <summary>Asks for a run. A hand-off starts at once, in the caller's hands; any other waits for its turn in the queue.</summary>
    /// <exception cref="UserErrorException">The request is wrong, or nothing could ever start the run.</exception>
    public async Task<Run> RequestAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (run, why) = await _factory.CreateAsync(request, cancellationToken);
        if (run.AgentKind != AgentKind.Handoff)
        {
            await _readiness.EnsureSomebodyStartsAsync(run, cancellationToken);
        }

        await _store.AddAsync(run, why, cancellationToken);
        if (run.AgentKind == AgentKind.Handoff)
        {
            return await ClaimNewAsync(run, cancellationToken);
        }

        _wake();
        return run;
    }

    /// <summary>The run.</summary>
    /// <exception cref="UserErrorException">There is none of that id.</exception>
    public async Task<Run> GetAsync(string id, CancellationToken cancellationToken = default) =>
        (RunId.IsWellFormed(id) ? await _store.FindAsync(id, cancellationToken) : null)
            ?? throw new UserErrorException($"There is no run '{id}'. list_runs shows the ids of the latest.");

    /// <summary>What the run's agent was told, or <see langword="null"/> before its start.</summary>
    public string? Brief(string id) => _briefs.Read(id);

    /// <summary>The end of the run's output, at most <paramref name="bytes"/> bytes of it; <see langword="null"/> when it has none.</summary>
    public string? OutputTail(string id, int bytes)
    {
        var file = new FileInfo(new RunFolder(_paths.Run(id)).Output);
        if (!file.Exists)
        {
            return null;
        }

        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(bytes, stream.Length), SeekOrigin.End);
        using var reader = new StreamReader(stream);
        return Redactor.Process.Redact(reader.ReadToEnd());
    }

    /// <summary>The file that holds the run's output.</summary>
    public string OutputFile(string id) => new RunFolder(_paths.Run(id)).Output;

    /// <summary>Why things were done with the run as they were.</summary>
    public Task<IReadOnlyList<RunDecision>> DecisionsAsync(string id, CancellationToken cancellationToken = default) => _store.DecisionsAsync(id, cancellationToken);

    /// <summary>Lists runs, newest first.</summary>
    public Task<IReadOnlyList<Run>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default) => _store.ListAsync(filter, cancellationToken);

    /// <summary>Waits until the run has ended, at most <paramref name="seconds"/> (0 to <see cref="LongestWaitSeconds"/>), and returns it as it stands then.</summary>
    public async Task<Run> WaitAsync(string id, int seconds, CancellationToken cancellationToken = default)
    {
        var started = _time.GetTimestamp();
        var ended = _finisher.Ended.Next;
        var run = await GetAsync(id, cancellationToken);
        while (!run.State.HasEnded() && TimeSpan.FromSeconds(seconds) - _time.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            await Task.WhenAny(ended, Task.Delay(left < Look ? left : Look, _time, cancellationToken));
            cancellationToken.ThrowIfCancellationRequested();
            ended = _finisher.Ended.Next;
            run = await GetAsync(id, cancellationToken);
        }

        return run;
    }

    /// <summary>
    /// Takes a queued hand-off: the one named, else the first of that mode, else the first.
    /// </summary>
    /// <returns>The run, running now; or <see langword="null"/> when none waits.</returns>
    /// <exception cref="UserErrorException">The run named cannot be claimed; the message says why.</exception>
    public async Task<Run?> ClaimAsync(string? id, string? mode, CancellationToken cancellationToken = default)
    {
        if (id is not null)
        {
            var named = await GetAsync(id, cancellationToken);
            if (named.AgentKind != AgentKind.Handoff || named.State != RunState.Queued)
            {
                throw new UserErrorException(
                    named.AgentKind != AgentKind.Handoff
                        ? $"Run {id} belongs to agent '{named.Agent}' and cannot be claimed; it starts by itself."
                        : $"Run {id} is {named.State.Name()}, so it cannot be claimed. claim_run without run_id takes the next that waits.");
            }

            return await ClaimAsync(named, cancellationToken)
                ?? throw new UserErrorException($"Run {id} was claimed by somebody else at this moment, or another run of its schedule is going on.");
        }

        if (mode is not null)
        {
            _modes.Get(mode);
        }

        foreach (var queued in await _store.InStateAsync(RunState.Queued, cancellationToken))
        {
            if (queued.AgentKind != AgentKind.Handoff || (mode is not null && queued.Mode != mode))
            {
                continue;
            }

            if (_modes.Catalog.Find(queued.Mode) is null)
            {
                // Its mode was taken out of .roomodes; it must not stand in the way of those behind it.
                await _finisher.EndAsync(queued.Id, new RunEnd(RunState.Failed, _time.GetUtcNow(), $"there is no mode '{queued.Mode}' any more"), cancellationToken);
                continue;
            }

            if (await ClaimAsync(queued, cancellationToken) is { } claimed)
            {
                return claimed;
            }
        }

        return null;
    }

    /// <summary>
    /// Takes an agent's report. A hand-off ends with it; a run with a process ends with its process, and then the report decides.
    /// </summary>
    /// <exception cref="UserErrorException">The run is not running, or the report is incomplete.</exception>
    public async Task<Run> CompleteAsync(string id, RunReport report, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        if (report.Outcome is not (RunState.Succeeded or RunState.Failed or RunState.NeedsInput))
        {
            throw new UserErrorException($"outcome is '{report.Outcome.Name()}' and must be succeeded, failed or needs_input.");
        }

        if (string.IsNullOrWhiteSpace(report.Summary))
        {
            throw new UserErrorException("summary is empty. Say what was done and how it is known to be done, or why it was not done.");
        }

        if (report.Outcome == RunState.NeedsInput && report.Questions.Count == 0)
        {
            throw new UserErrorException("outcome is needs_input but there are no questions. Name what a person has to answer in questions.");
        }

        report = Clean(report);
        var run = await GetAsync(id, cancellationToken);
        if (!await _store.TryReportAsync(id, report, cancellationToken))
        {
            run = await GetAsync(id, cancellationToken);
            throw new UserErrorException(
                run.State == RunState.Queued
                    ? $"Run {id} is queued and not yet anybody's. Take it with claim_run first."
                    : $"Run {id} has ended already ({run.State.Name()}: {run.Reason}); a report after that changes nothing.");
        }

        KeepReport(id, report);
        if (run.AgentKind == AgentKind.Handoff)
        {
            await _finisher.EndAsync(id, new RunEnd(report.Outcome, _time.GetUtcNow(), "reported by its agent"), cancellationToken);
            _wake();
        }

        return await GetAsync(id, cancellationToken);
    }

    /// <summary>Ends a run, or takes it out of the queue. Its processes are told at once and are gone within the kill grace.</summary>
    /// <exception cref="UserErrorException">There is no such run, or it has ended already.</exception>
    public async Task<Run> CancelAsync(string id, string reason, CancellationToken cancellationToken = default)
    {
        var run = await GetAsync(id, cancellationToken);
        if (!await _store.TryRequestCancelAsync(id, reason, cancellationToken))
        {
            throw new UserErrorException($"Run {id} has ended already ({run.State.Name()}: {run.Reason}); there is nothing to cancel.");
        }

        // Read again: it may have been started since; from here on a queued one cannot be, because its cancellation stands in the store.
        run = await GetAsync(id, cancellationToken);
        if (run.State == RunState.Queued || run.AgentKind == AgentKind.Handoff)
        {
            await _finisher.EndAsync(id, new RunEnd(RunState.Cancelled, _time.GetUtcNow(), reason), cancellationToken);
        }
        else
        {
            CancelOrder.Give(new RunFolder(_paths.Run(run.Id)), reason);
        }

        _wake();
        return await GetAsync(id, cancellationToken);
    }

    private void KeepReport(string id, RunReport report)
    {
        try
        {
            new RunFolder(_paths.Run(id)).Write(report);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // The report stands in the database; the copy is for the day on which that is damaged.
        }
    }

    private static RunReport Clean(RunReport report) => new(
        report.Outcome,
        Redactor.Process.Redact(report.Summary),
        [.. report.Findings.Select(Redactor.Process.Redact)],
        [.. report.FollowUps.Select(Redactor.Process.Redact)],
        [.. report.Questions.Select(Redactor.Process.Redact)]);

    // From its insertion on there is a run, so the call answers with it, whatever fails after that: an error would say that there is none.
    private async Task<Run> ClaimNewAsync(Run added, CancellationToken cancellationToken)
    {
        try
        {
            return await ClaimAsync(added, cancellationToken) ?? added;
        }
        catch (UserErrorException exception)
        {
            var now = await _store.FindAsync(added.Id, cancellationToken);

            // Running still means here that it could not be put back yet; nobody works on it, and it is queued again soon.
            return now is null or { State: RunState.Queued or RunState.Running } ? added with { Reason = exception.Message } : now;
        }
    }

    private async Task<Run?> ClaimAsync(Run queued, CancellationToken cancellationToken)
    {
        var mode = _modes.Get(queued.Mode);
        if (!await _store.TryStartAsync(queued.Id, _time.GetUtcNow(), executor: null, mostRunning: null, cancellationToken))
        {
            return null;
        }

        var run = await GetAsync(queued.Id, cancellationToken);
        try
        {
            await _launcher.WriteStartRowAsync(run, RunTitle.Of(run.Task), cancellationToken);
        }
        catch (UserErrorException exception)
        {
            await TryRequeueAsync(run, $"its start could not be recorded: {exception.Message}");
            throw new UserErrorException($"Run {run.Id} was not started, because its start could not be recorded; it waits in the queue. Take it with claim_run when this is mended: {exception.Message}", exception);
        }

        try
        {
            await _briefs.WriteAsync(run, mode, cancellationToken);
            _wake();
            return run;
        }
        catch (UserErrorException exception)
        {
            await _finisher.EndUnstartedAsync(run.Id, new RunEnd(RunState.Failed, _time.GetUtcNow(), $"it was not started: {exception.Message}"));
            throw;
        }
    }

    private async Task TryRequeueAsync(Run taken, string why)
    {
        try
        {
            await _store.TryRequeueAsync(taken, _time.GetUtcNow(), why, CancellationToken.None);
        }
        catch (UserErrorException)
        {
            // The database cannot be written either. The watcher finds the run without start row and brief, and puts it back.
        }
    }
}
