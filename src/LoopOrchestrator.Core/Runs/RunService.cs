using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
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
    private readonly IRunStore _store;
    private readonly RunFactory _factory;
    private readonly RunAdmission _admission;
    private readonly RunClaims _claims;
    private readonly RunBeats _beats;
    private readonly RunReports _reports;
    private readonly RunFinisher _finisher;
    private readonly RunBriefs _briefs;
    private readonly RunOutput _output;
    private readonly RunReadiness _readiness;
    private readonly Redactor _redactor;
    private readonly TimeProvider _time;
    private readonly Action _wake;

    internal RunService(
        WorkspacePaths paths,
        IRunStore store,
        RunFactory factory,
        RunAdmission admission,
        RunClaims claims,
        RunBeats beats,
        RunReports reports,
        RunFinisher finisher,
        RunBriefs briefs,
        RunReadiness readiness,
        Redactor redactor,
        TimeProvider time,
        Action wake)
    {
        _paths = paths;
        _store = store;
        _factory = factory;
        _admission = admission;
        _claims = claims;
        _beats = beats;
        _reports = reports;
        _finisher = finisher;
        _briefs = briefs;
        _output = new RunOutput(paths, redactor);
        _redactor = redactor;
        _readiness = readiness;
        _time = time;
        _wake = wake;
    }

    /// <summary>
    /// Asks for a run. A hand-off starts at once, in the caller's hands, unless it is asked for as one to wait; any other waits for its
    /// turn in the queue.
    /// </summary>
    /// <exception cref="UserErrorException">The request is wrong, or nothing could ever start the run.</exception>
    public async Task<Run> RequestAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (run, why) = await _factory.CreateAsync(request, cancellationToken);
        await _admission.EnsureAsync(run, cancellationToken);
        await _beats.TakeOfPartAsync(run.ParentRunId, cancellationToken);
        if (run.Kind == RunKind.Agent)
        {
            await _readiness.EnsureSomebodyStartsAsync(run, cancellationToken);
        }

        await _store.AddAsync(run, why, cancellationToken);
        if (run.Kind == RunKind.Handoff && !request.QueuesHandOff)
        {
            return await TakeNewAsync(run, request.Caller, cancellationToken);
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
    public string? Brief(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        try
        {
            return _briefs.Read(run);
        }
        catch (UserErrorException exception)
        {
            // Told in its place: whoever asks for the run wants to see the rest of it.
            return $"[the brief is not shown: {exception.Message}]";
        }
    }

    /// <summary>The end of what the run's latest attempt has printed so far, at most <paramref name="bytes"/> bytes of it; <see langword="null"/> when it has printed nothing.</summary>
    public OutputPart? OutputTail(Run run, int bytes)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _output.Tail(run, bytes);
    }

    /// <summary>What the run has printed from a position on, at most about <paramref name="bytes"/> bytes of it.</summary>
    public OutputPart Output(Run run, OutputPosition from, int bytes)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(from);
        return _output.Read(run, from, bytes);
    }

    /// <summary>Waits until the run has printed more than what lies before a position, or has ended; at most <paramref name="seconds"/> (0 to <see cref="LongestWaitSeconds"/>).</summary>
    /// <returns>The run as it stands then.</returns>
    public async Task<Run> WaitForOutputAsync(string id, OutputPosition from, int seconds, CancellationToken cancellationToken = default)
    {
        var started = _time.GetTimestamp();
        var run = await GetAsync(id, cancellationToken);
        while (!run.State.HasEnded() && _output.Read(run, from, 1024).Text.Length == 0 && TimeSpan.FromSeconds(seconds) - _time.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            run = await WaitAsync(id, left < Look ? left : Look, cancellationToken);
        }

        return run;
    }

    /// <summary>The file that holds the output of the run's latest attempt.</summary>
    public string OutputFile(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return _output.File(run);
    }

    /// <summary>The attempts of a run, in order.</summary>
    public Task<IReadOnlyList<RunAttempt>> AttemptsAsync(string id, CancellationToken cancellationToken = default) => _store.AttemptsAsync(id, cancellationToken);

    /// <summary>The runs that a run asked for, and those that they asked for; the oldest first, at most <see cref="IRunStore.MaxSubRuns"/>.</summary>
    public Task<IReadOnlyList<Run>> SubRunsAsync(string id, CancellationToken cancellationToken = default) => _store.SubRunsAsync(id, cancellationToken);

    /// <summary>Why things were done with the run as they were.</summary>
    public Task<IReadOnlyList<RunDecision>> DecisionsAsync(string id, CancellationToken cancellationToken = default) => _store.DecisionsAsync(id, cancellationToken);

    /// <summary>Lists runs, newest first.</summary>
    public Task<IReadOnlyList<Run>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default) => _store.ListAsync(filter, cancellationToken);

    /// <summary>Waits until the run has ended, at most <paramref name="seconds"/> (0 to <see cref="LongestWaitSeconds"/>), and returns it as it stands then.</summary>
    public Task<Run> WaitAsync(string id, int seconds, CancellationToken cancellationToken = default) => WaitAsync(id, TimeSpan.FromSeconds(seconds), cancellationToken);

    /// <summary>
    /// Takes a queued hand-off under a lease: the one named, else the first of that mode, else the first.
    /// </summary>
    /// <returns>The run, running now; or <see langword="null"/> when none waits.</returns>
    /// <exception cref="UserErrorException">The run named cannot be claimed; the message says why.</exception>
    public Task<Run?> ClaimAsync(string? id, string? mode, CancellationToken cancellationToken = default) =>
        ClaimAsync(id, mode, RunCaller.Unknown, cancellationToken);

    /// <summary>As above, for a caller of whom more is known: its calls that name the run keep it also without the token.</summary>
    public async Task<Run?> ClaimAsync(string? id, string? mode, RunCaller caller, CancellationToken cancellationToken = default)
    {
        var claimed = await _claims.ClaimAsync(id is null ? null : await GetAsync(id, cancellationToken), mode, caller, cancellationToken);
        if (claimed is not null)
        {
            _wake();
        }

        return claimed;
    }

    /// <summary>How many seconds the holder of a hand-off may be silent before it returns to the queue.</summary>
    public int LeaseSeconds => _claims.LeaseSeconds;

    /// <summary>
    /// Takes note that the holder of a hand-off has called, so that its lease begins anew. Calls of others say nothing of him and count for
    /// nothing; nor does anything when there is no such run or lease.
    /// </summary>
    /// <param name="id">The run that was named.</param>
    /// <param name="caller">Who called.</param>
    /// <param name="leaseToken">The token that came with the call.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was the holder.</returns>
    public Task<bool> BeatAsync(
        string? id,
        RunCaller? caller = null,
        string? leaseToken = null,
        CancellationToken cancellationToken = default) =>
        _beats.TakeAsync(id, caller ?? RunCaller.Unknown, leaseToken, cancellationToken);

    /// <summary>The clients that hold a run now, whether they took it for themselves or claimed it; see <see cref="RunCaller.Owner"/>.</summary>
    public async Task<IReadOnlySet<string>> HoldersAsync(CancellationToken cancellationToken = default) =>
        (await _store.InStateAsync(RunState.Running, cancellationToken))
            .Select(static run => run.Lease?.Owner).OfType<string>().ToHashSet(StringComparer.Ordinal);

    /// <summary>The session of a client is over: what it took for itself waits again when its lease has run out.</summary>
    public Task LeaveAsync(RunCaller caller, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(caller);
        return caller.Owner is { } owner ? _beats.Keeper.LeaveAsync(owner, cancellationToken) : Task.CompletedTask;
    }

    /// <summary>This process ends, and with it all of its clients.</summary>
    public Task LeaveAllAsync(CancellationToken cancellationToken = default) => _beats.Keeper.LeaveAllAsync(cancellationToken);

    /// <summary>
    /// Takes an agent's report, from the run's own agent or from the holder of its lease. A hand-off ends with it; a run with a process
    /// ends
    /// with its process, and then the report decides.
    /// </summary>
    /// <param name="id">The run; <see langword="null"/> for that of the agent that has started this process.</param>
    /// <param name="report">What its agent says.</param>
    /// <param name="caller">Who reports; nobody in particular when not given.</param>
    /// <param name="leaseToken">The token that came with the run.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">The run is not running, is somebody else's, or the report is incomplete; the message says what
    /// to send.</exception>
    public async Task<Run> CompleteAsync(
        string? id,
        RunReport report,
        RunCaller? caller = null,
        string? leaseToken = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(report);
        caller ??= RunCaller.Unknown;
        id ??= await _reports.IdOfAsync(caller, cancellationToken);
        await _reports.TakeAsync(id, report, caller, leaseToken, cancellationToken);
        _wake();
        return await GetAsync(id, cancellationToken);
    }

    /// <summary>Answers the questions of a run that needs input: it goes on with its next attempt, whose brief holds the answers.</summary>
    /// <param name="id">The run.</param>
    /// <param name="answers">The answers in the order of the questions; one at least, none blank.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">The run has no open questions, or an answer is missing.</exception>
    public async Task<Run> AnswerAsync(string id, IReadOnlyList<string> answers, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(answers);
        var run = await GetAsync(id, cancellationToken);
        if (answers.Count < Math.Max(1, run.Questions.Count) && run.State == RunState.NeedsInput || answers.Any(string.IsNullOrWhiteSpace))
        {
            throw new UserErrorException($"Run {id} has {run.Questions.Count} question(s), and each needs an answer, in their order: {string.Join(" ", run.Questions.Select(static (question, index) => $"({index + 1}) {question}"))}");
        }

        if (!await _store.TryAnswerAsync(id, [.. answers.Select(_redactor.Redact)], _time.GetUtcNow(), cancellationToken))
        {
            run = await GetAsync(id, cancellationToken);
            if (run.CycleId is { } cycle && (await GetAsync(cycle, cancellationToken)).State.HasEnded())
            {
                throw new UserErrorException($"Run {id} is a step of cycle {cycle}, which has ended, so an answer would lead nowhere. Start the work again instead.");
            }

            throw new UserErrorException($"Run {id} is {run.State.Name()} and asks nothing; only a run that is needs_input can be answered. list_runs with state needs_input shows them.");
        }

        _wake();
        return await GetAsync(id, cancellationToken);
    }

    /// <summary>Ends a run and all that it asked for, or takes it out of the queue. Its processes are told at once and are gone within the kill grace.</summary>
    /// <exception cref="UserErrorException">There is no such run, or it has ended already.</exception>
    public async Task<Run> CancelAsync(string id, string reason, CancellationToken cancellationToken = default)
    {
        var run = await GetAsync(id, cancellationToken);
        if (!await _store.TryRequestCancelAsync(id, reason, cancellationToken))
        {
            throw new UserErrorException($"Run {id} has ended already ({run.State.Name()}: {run.Reason}); there is nothing to cancel.");
        }

        await TellAsync(id, reason, cancellationToken);
        foreach (var below in await _store.CancelBelowAsync(id, $"the run that asked for it ({id}) was cancelled", cancellationToken))
        {
            await TellAsync(below.Id, below.CancelReason!, cancellationToken);
        }

        _wake();
        return await GetAsync(id, cancellationToken);
    }

    private async Task<Run> WaitAsync(string id, TimeSpan limit, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var ends = _finisher.Ended.ToCome;
        var run = await GetAsync(id, cancellationToken);
        while (!run.State.HasEnded() && limit - _time.GetElapsedTime(started) is var left && left > TimeSpan.Zero)
        {
            var look = Task.Delay(left < Look ? left : Look, _time, cancellationToken);
            while (await Task.WhenAny(ends.Next, look) != look)
            {
                (var ended, ends) = await ends.Next;
                if (ended == id)
                {
                    break;
                }
            }

            cancellationToken.ThrowIfCancellationRequested();
            run = await GetAsync(id, cancellationToken);
        }

        return run;
    }

    private async Task TellAsync(string id, string reason, CancellationToken cancellationToken)
    {
        // Read again: it may have been started since; from here on a queued one cannot be, because its cancellation stands in the store.
        var run = await GetAsync(id, cancellationToken);
        if (run.State == RunState.Queued || run.Kind == RunKind.Handoff)
        {
            await _finisher.EndAsync(id, new RunEnd(RunState.Cancelled, _time.GetUtcNow(), reason), cancellationToken);
        }
        else if (run.Kind != RunKind.Cycle)
        {
            CancelOrder.Give(RunFolder.Of(_paths.Run(run.Id), run.Attempt), reason);
        }
    }

    // From its insertion on there is a run, so the call answers with it, whatever fails after that: an error would say that there is none.
    private async Task<Run> TakeNewAsync(Run added, RunCaller caller, CancellationToken cancellationToken)
    {
        try
        {
            var kind = caller.Owner is null ? LeaseKind.Claim : LeaseKind.Client;
            var run = await _claims.TakeAsync(added, kind, caller, cancellationToken) ?? added;
            if (caller.Owner is { } owner && run.State == RunState.Running)
            {
                _beats.Keeper.Keep(owner);
            }

            _wake();
            return run;
        }
        catch (UserErrorException exception)
        {
            var now = await _store.FindAsync(added.Id, cancellationToken);

            // Running still means here that it could not be put back yet; nobody works on it, and it is queued again soon.
            return now is null or { State: RunState.Queued or RunState.Running } ? added with { Reason = exception.Message } : now;
        }
    }
}
