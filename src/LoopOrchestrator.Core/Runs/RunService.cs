using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Outputs;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// What callers do with runs: ask for one, look at it, cancel, claim and report it. The same for tools, commands and pages. Safe for
/// many threads; any process of the workspace may call it, whether or not it fires schedules or starts agents.
/// </summary>
public sealed class RunService
{
    /// <summary>The longest wait for a run's end that a call may ask for: many clients cut a call at 60 s.</summary>
    public const int MaxWaitSeconds = 50;

    /// <summary>The longest wait for a hand-off that a call may ask for: its answer has to be there before the client cuts it.</summary>
    public const int MaxClaimWaitSeconds = 45;

    /// <summary>The most runs that are told of those below one.</summary>
    public const int MaxSubRuns = IRunStore.MaxSubRuns;

    private readonly RunReader _reader;
    private readonly RunRequests _requests;
    private readonly RunHandOffs _handOffs;
    private readonly RunReports _reports;
    private readonly RunAnswers _answers;
    private readonly RunCancellation _cancellation;
    private readonly RunHold _hold;

    internal RunService(
        RunReader reader,
        RunRequests requests,
        RunHandOffs handOffs,
        RunReports reports,
        RunAnswers answers,
        RunCancellation cancellation,
        RunHold hold
    )
    {
        _reader = reader;
        _requests = requests;
        _handOffs = handOffs;
        _reports = reports;
        _answers = answers;
        _cancellation = cancellation;
        _hold = hold;
    }

    /// <summary>
    /// Asks for a run. A hand-off starts at once, in the caller's hands, unless it is asked for as one to wait; any other waits for its
    /// turn in the queue.
    /// </summary>
    /// <exception cref="UserErrorException">The request is wrong, or nothing could ever start the run.</exception>
    public Task<Run> RequestAsync(RunRequest request, CancellationToken cancellationToken = default) =>
        _requests.RequestAsync(request, cancellationToken);

    /// <summary>The run.</summary>
    /// <exception cref="UserErrorException">There is none of that id.</exception>
    public Task<Run> GetAsync(string id, CancellationToken cancellationToken = default) => _reader.GetAsync(id, cancellationToken);

    /// <summary>
    /// The id of the run that a person means: <c>last</c> is the newest, and a beginning, an end or both (<c>run-…5edd88</c>) will do where
    /// only one run fits.
    /// </summary>
    /// <exception cref="UserErrorException">None fits, or several do; the message names them.</exception>
    public Task<string> ResolveAsync(string text, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(text);
        return _reader.ResolveAsync(text, cancellationToken);
    }

    /// <summary>Lists runs, newest first.</summary>
    public Task<IReadOnlyList<Run>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default) =>
        _reader.ListAsync(filter, cancellationToken);

    /// <summary>What the run's agent was told, or <see langword="null"/> before its start.</summary>
    public string? Brief(Run run) => _reader.Brief(run);

    /// <summary>
    /// The end of what the run's latest attempt has printed so far, at most <paramref name="bytes"/> bytes of it; <see langword="null"/>
    /// when it has printed nothing.
    /// </summary>
    public OutputPart? OutputTail(Run run, int bytes) => _reader.OutputTail(run, bytes);

    /// <summary>What the run has printed from a position on, at most about <paramref name="bytes"/> bytes of it.</summary>
    public OutputPart Output(Run run, OutputPosition from, int bytes) => _reader.Output(run, from, bytes);

    /// <summary>Makes text to read along of the parts of a run's output; a new one for each reader.</summary>
    public RunTranscript Transcript(Run run) => _reader.Transcript(run);

    /// <summary>The file that holds the output of the run's latest attempt.</summary>
    public string OutputFile(Run run) => _reader.OutputFile(run);

    /// <summary>
    /// Waits until the run has printed more than what lies before a position, or has ended; at most <paramref name="seconds"/> (0 to
    /// <see cref="MaxWaitSeconds"/>).
    /// </summary>
    /// <returns>The run as it stands then.</returns>
    public Task<Run> WaitForOutputAsync(string id, OutputPosition from, int seconds, CancellationToken cancellationToken = default) =>
        _reader.WaitForOutputAsync(id, from, seconds, cancellationToken);

    /// <summary>
    /// Waits until the run has ended, at most <paramref name="seconds"/> (0 to <see cref="MaxWaitSeconds"/>), and returns it as it stands
    /// then.
    /// </summary>
    public Task<Run> WaitAsync(string id, int seconds, CancellationToken cancellationToken = default) =>
        _reader.WaitAsync(id, seconds, cancellationToken);

    /// <summary>The attempts of a run, in order.</summary>
    public Task<IReadOnlyList<RunAttempt>> AttemptsAsync(string id, CancellationToken cancellationToken = default) =>
        _reader.AttemptsAsync(id, cancellationToken);

    /// <summary>
    /// The runs that a run asked for, and those that they asked for; the oldest first, at most <see cref="IRunStore.MaxSubRuns"/>.
    /// </summary>
    public Task<IReadOnlyList<Run>> SubRunsAsync(string id, CancellationToken cancellationToken = default) =>
        _reader.SubRunsAsync(id, cancellationToken);

    /// <summary>Why things were done with the run as they were.</summary>
    public Task<IReadOnlyList<RunDecision>> DecisionsAsync(string id, CancellationToken cancellationToken = default) =>
        _reader.DecisionsAsync(id, cancellationToken);

    /// <summary>
    /// Takes a queued hand-off under a lease: the one named, else the first of that mode, else the first.
    /// </summary>
    /// <returns>The run, running now; or <see langword="null"/> when none waits.</returns>
    /// <exception cref="UserErrorException">The run named cannot be claimed; the message says why.</exception>
    public Task<Run?> ClaimAsync(string? id, string? mode, CancellationToken cancellationToken = default) =>
        ClaimAsync(id, mode, RunCaller.Unknown, cancellationToken);

    /// <summary>As above, for a caller of whom more is known: its calls that name the run keep it also without the token.</summary>
    public Task<Run?> ClaimAsync(string? id, string? mode, RunCaller caller, CancellationToken cancellationToken = default) =>
        ClaimAsync(id, mode, caller, TimeSpan.Zero, cancellationToken);

    /// <summary>As above, and waits for a hand-off where none is there. One that is taken while the caller leaves waits again.</summary>
    public Task<Run?> ClaimAsync(
        string? id,
        string? mode,
        RunCaller caller,
        TimeSpan wait,
        CancellationToken cancellationToken = default
    ) => _handOffs.ClaimAsync(id, mode, caller, wait, cancellationToken);

    /// <summary>Puts back what was taken for somebody who had left by then.</summary>
    internal Task GiveBackAsync(Run taken) => _handOffs.GiveBackAsync(taken);

    /// <summary>How many seconds the holder of a hand-off may be silent before it returns to the queue.</summary>
    public int LeaseSeconds => _handOffs.LeaseSeconds;

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
        CancellationToken cancellationToken = default
    ) => _handOffs.BeatAsync(id, caller, leaseToken, cancellationToken);

    /// <summary>
    /// The clients that hold a run now, whether they took it for themselves or claimed it; see <see cref="RunCaller.Owner"/>.
    /// </summary>
    public Task<IReadOnlySet<string>> HoldersAsync(CancellationToken cancellationToken = default) =>
        _handOffs.HoldersAsync(cancellationToken);

    /// <summary>The session of a client is over: what it took for itself waits again when its lease has run out.</summary>
    public Task LeaveAsync(RunCaller caller, CancellationToken cancellationToken = default) =>
        _handOffs.LeaveAsync(caller, cancellationToken);

    /// <summary>This process ends, and with it all of its clients.</summary>
    public Task LeaveAllAsync(CancellationToken cancellationToken = default) => _handOffs.LeaveAllAsync(cancellationToken);

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
    public Task<Run> CompleteAsync(
        string? id,
        RunReport report,
        RunCaller? caller = null,
        string? leaseToken = null,
        CancellationToken cancellationToken = default
    ) => CompleteAsync(id, report, caller, leaseToken, requestId: null, cancellationToken);

    /// <summary>
    /// As above for a caller that may ask again: with the same request id nothing is reported, and he gets the first answer, whatever has
    /// become of the run since.
    /// </summary>
    /// <exception cref="UserErrorException">As above, or the request id stands for another call.</exception>
    public async Task<Run> CompleteAsync(
        string? id,
        RunReport report,
        RunCaller? caller,
        string? leaseToken,
        string? requestId,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(report);
        return await _reports.CompleteAsync(id, report, caller ?? RunCaller.Unknown, leaseToken, requestId, cancellationToken);
    }

    /// <summary>Answers the questions of a run that needs input: it goes on with its next attempt, whose brief holds the answers.</summary>
    /// <param name="id">The run.</param>
    /// <param name="answers">The answers in the order of the questions; one at least, none blank.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="UserErrorException">The run has no open questions, or an answer is missing.</exception>
    public Task<Run> AnswerAsync(string id, IReadOnlyList<string> answers, CancellationToken cancellationToken = default) =>
        _answers.AnswerAsync(id, answers, cancellationToken);

    /// <summary>
    /// Ends a run and all that it asked for, or takes it out of the queue. Its processes are told at once and are gone within the kill
    /// grace.
    /// </summary>
    /// <exception cref="UserErrorException">There is no such run, or it has ended already.</exception>
    public Task<Run> CancelAsync(string id, string reason, CancellationToken cancellationToken = default) =>
        _cancellation.CancelAsync(id, reason, cancellationToken);

    /// <summary>
    /// Why a run waits until a person has looked at what it would execute, as far as this process can say; <see langword="null"/> when it
    /// does not.
    /// </summary>
    public async Task<string?> WhyHeldAsync(Run run, CancellationToken cancellationToken = default) =>
        _hold.IsTrusted
            ? (await _hold.CheckAsync(run, cancellationToken)).Held
            : (await _hold.Agents.ListAsync(cancellationToken)).GetValueOrDefault(run.AgentName())?.WhyHeld;

    /// <summary>The agents whose runs are held back because the service of their model refused them, by their names.</summary>
    public async Task<IReadOnlyList<AgentHold>> HeldAgentsAsync(CancellationToken cancellationToken = default) =>
        [.. (await _hold.Agents.ListAsync(cancellationToken)).Values.OrderBy(static hold => hold.Agent, StringComparer.Ordinal)];

    /// <summary>Lets an agent go on whose runs are held back. False when they are not.</summary>
    /// <exception cref="UserErrorException">There is no such agent.</exception>
    public Task<bool> ResumeAgentAsync(string agent, CancellationToken cancellationToken = default) =>
        _hold.Agents.ResumeAsync(agent, cancellationToken);
}
