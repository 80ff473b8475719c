using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Rules;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>
/// The runs of one workspace. Every change of state is one transaction that names the state it changes from, so of several processes that
/// try the same change exactly one succeeds. A task that has ended has its change on disk. Safe for many threads and processes.
/// </summary>
internal interface IRunStore
{
    /// <summary>The most sub-runs that are told of one run.</summary>
    const int MaxSubRuns = 100;

    /// <summary>The run, or <see langword="null"/> when there is none of that id.</summary>
    Task<Run?> FindAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Adds a run, with the reason for its agent as its first decision: both or neither.</summary>
    Task AddAsync(Run run, string why, CancellationToken cancellationToken = default);

    /// <summary>As above for a call with a request id, which is entered in the same transaction.</summary>
    /// <param name="run">The run.</param>
    /// <param name="why">The reason for its agent.</param>
    /// <param name="request">The call.</param>
    /// <param name="note">What is kept with it.</param>
    /// <param name="cancellationToken">Gives up before the change.</param>
    /// <returns>What was recorded of that call before, and nothing is added then; <see langword="null"/> when the run was added.</returns>
    Task<RecordedRequest?> AddAsync(Run run, string why, RequestKey request, string? note, CancellationToken cancellationToken = default);

    /// <summary>Lists runs, newest first.</summary>
    /// <param name="filter">What to list.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Run>> ListAsync(RunFilter filter, CancellationToken cancellationToken = default);

    /// <summary>The runs that wait for answers, however many, by their schedules and modes; those with the latest run first.</summary>
    Task<IReadOnlyList<OpenQuestions>> OpenQuestionsAsync(CancellationToken cancellationToken = default);

    /// <summary>All runs in one state, by priority and then oldest first: the order in which queued ones start.</summary>
    Task<IReadOnlyList<Run>> InStateAsync(RunState state, CancellationToken cancellationToken = default);

    /// <summary>The queued runs that may start now, page by page.</summary>
    /// <param name="most">How many runs with a process run at once.</param>
    /// <param name="now">The moment.</param>
    /// <param name="after">The last run of the page before; <see langword="null"/> for the first page.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<RunQueue> QueueAsync(int most, DateTimeOffset now, string? after, CancellationToken cancellationToken = default);

    /// <summary>The queued runs whose end was asked for and not recorded.</summary>
    Task<IReadOnlyList<Run>> CancelledInQueueAsync(CancellationToken cancellationToken = default);

    /// <summary>The runs of schedules that are queued or go on.</summary>
    Task<ScheduleRuns> ActiveBySchedulesAsync(CancellationToken cancellationToken = default);

    /// <summary>The runs whose closing row or memory entry is still to be written.</summary>
    Task<IReadOnlyList<Run>> PendingFinalizationAsync(CancellationToken cancellationToken = default);

    /// <summary>The due moment of a schedule that a run was started for; <see langword="null"/> for any other run.</summary>
    Task<DateTimeOffset?> DueAtAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Runs that took longer than their time limit, the latest first.</summary>
    /// <param name="most">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Run>> PastLimitAsync(int most, CancellationToken cancellationToken = default);

    /// <summary>How many runs are in each state.</summary>
    Task<IReadOnlyDictionary<RunState, long>> CountAsync(CancellationToken cancellationToken = default);

    /// <summary>How many runs <see cref="Run.HasNoReport">succeeded without a report</see>.</summary>
    Task<long> CountWithoutReportAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Runs that nobody's run asked for and that have ended since a moment without success, other than by a person's word; the latest
    /// first.
    /// </summary>
    /// <param name="since">The moment.</param>
    /// <param name="isOpen">
    /// Only those whose work, that of the same schedule or else of the same mode and task, has not succeeded since.
    /// </param>
    /// <param name="most">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Run>> FailedSinceAsync(DateTimeOffset since, bool isOpen, int most, CancellationToken cancellationToken = default);

    /// <summary>Runs that nobody's run asked for and that have succeeded since a moment; the latest first.</summary>
    /// <param name="since">The moment.</param>
    /// <param name="most">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Run>> SucceededSinceAsync(DateTimeOffset since, int most, CancellationToken cancellationToken = default);

    /// <summary>What all attempts have cost that ended since a moment, where their agents say so.</summary>
    Task<(double CostUsd, long Tokens)> SpentSinceAsync(DateTimeOffset since, CancellationToken cancellationToken = default);

    /// <summary>
    /// The runs whose ids begin with a text and end with another, the latest first; what the texts hold is taken as it is.
    /// </summary>
    /// <param name="head">The beginning; empty for any.</param>
    /// <param name="tail">The end; empty for any.</param>
    /// <param name="most">How many at the most.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<IReadOnlyList<Run>> FindLikeAsync(string head, string tail, int most, CancellationToken cancellationToken = default);

    /// <summary>
    /// The agents whose key the model's service refused the last time that they ran to an end, by name, each with its latest such run.
    /// </summary>
    Task<IReadOnlyList<Run>> SignedOutAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// Takes a queued run in order to start it: its next attempt begins. Refused (false) when it is not queued any more or not yet to be
    /// started, when another run of its schedule is running, when its agent waits for the reset of a usage limit, or when as many runs
    /// with a process are running as may. Those that wait for it, because they asked for it, are not counted: else both would wait for
    /// ever.
    /// </summary>
    Task<bool> TryStartAsync(string id, RunStart start, CancellationToken cancellationToken = default);

    /// <summary>As above with several runs in one transaction, in their order.</summary>
    /// <returns>Those that were taken, as they stand now, with the token of their holder.</returns>
    Task<IReadOnlyList<Run>> StartAsync(IReadOnlyList<(string Id, RunStart Start)> starts, CancellationToken cancellationToken = default);

    /// <summary>The runs below a run, the oldest first.</summary>
    Task<IReadOnlyList<Run>> SubRunsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Whether anything below a run, however deep and however much there is, has yet to end.</summary>
    Task<bool> GoesOnBelowAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>What the runs that a run asked for have cost, those that have not ended counted with all that they may cost.</summary>
    Task<(double CostUsd, long Tokens)> SpentBelowAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>The attempts of a run, in order.</summary>
    Task<IReadOnlyList<RunAttempt>> AttemptsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>What the outcome of a running run must show to count.</summary>
    Task<OutcomeProof> ProofAsync(Run run, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps what an agent reported. False when the run is not running any more, or not in this attempt and under this lease, or when
    /// somebody else has reported it meanwhile.
    /// </summary>
    Task<bool> TryReportAsync(Run run, RunReport report, CancellationToken cancellationToken = default);

    /// <summary>
    /// As above for a call with a request id, which is entered in the same transaction with the number of the attempt as its note. False
    /// also when it was entered before.
    /// </summary>
    Task<bool> TryReportAsync(
        Run run,
        RunReport report,
        RequestKey request,
        DateTimeOffset now,
        CancellationToken cancellationToken = default
    );

    /// <summary>Puts a run that needs input back into the queue with the answers. False when it does not need any.</summary>
    Task<bool> TryAnswerAsync(string id, IReadOnlyList<string> answers, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Notes that somebody asked for the end of a run. False when it has ended already.</summary>
    Task<bool> TryRequestCancelAsync(string id, string reason, CancellationToken cancellationToken = default);

    /// <summary>Asks for the end of all that goes on below a run.</summary>
    /// <returns>Those of them that have not ended yet.</returns>
    Task<IReadOnlyList<Run>> CancelBelowAsync(string id, string reason, CancellationToken cancellationToken = default);

    /// <summary>Says of runs that the closing row, the memory entry, or both are written.</summary>
    Task ClearPendingAsync(IReadOnlyList<(string Id, bool Row, bool Memory)> settled, CancellationToken cancellationToken = default);

    /// <summary>Records a decision about a run and its reason.</summary>
    Task DecideAsync(string id, DateTimeOffset now, string text, CancellationToken cancellationToken = default);

    /// <summary>Records what may be found out again and again: false, and nothing done, when exactly this is recorded already.</summary>
    Task<bool> TryDecideOnceAsync(
        string id,
        DateTimeOffset at,
        string text,
        RunDecisionCode? code = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// Puts a run back into the queue that was taken and never begun, as if it had not been taken; the reason is its decision. False when
    /// that start of it is over, another has taken it since, or something was reported.
    /// </summary>
    /// <param name="taken">The run as it was taken.</param>
    /// <param name="now">The moment of the decision.</param>
    /// <param name="why">Its reason.</param>
    /// <param name="keepsStart">Whether its start row is written: it goes on in that, and owes its end.</param>
    /// <param name="code">The kind of the decision, where something depends on that.</param>
    /// <param name="cancellationToken">Gives up before the change.</param>
    Task<bool> TryReturnAsync(
        Run taken,
        DateTimeOffset now,
        string why,
        bool keepsStart = false,
        RunDecisionCode? code = null,
        CancellationToken cancellationToken = default
    );

    /// <summary>The decisions about a run, in order.</summary>
    Task<IReadOnlyList<RunDecision>> DecisionsAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// Ends an attempt, or a run that was never started, as one transaction: the attempt's outcome, whether the run is tried again, what it
    /// does to the count of failures of its step, to the budgets, and to what it asked for. A crash leaves all of it or nothing.
    /// </summary>
    /// <param name="id">The run.</param>
    /// <param name="end">How the attempt ended.</param>
    /// <param name="policy">What that means; it is asked within the transaction.</param>
    /// <param name="cancellationToken">Gives up before the change.</param>
    /// <returns>The run as it stands then; <see langword="null"/> when it, or this attempt of it, had ended already.</returns>
    Task<RunEnded?> EndAttemptAsync(string id, RunEnd end, RunEndPolicy policy, CancellationToken cancellationToken = default);

    /// <summary>How much was asked for already, to be compared with the limits.</summary>
    /// <param name="limits">The limits; nothing is counted further than they go.</param>
    /// <param name="now">The moment.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task<RunLoad> LoadAsync(RunLimits limits, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Whether a run of that id is known.</summary>
    Task<bool> IsKnownAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>
    /// The runs about which nothing more was decided once a run was asked for, the newest first: they were over, and so were their folders.
    /// By the order of the decisions and not by clocks, which say when a program ended and not when that was recorded.
    /// </summary>
    Task<IReadOnlyList<string>> EndedBeforeAsync(Run run, int most, CancellationToken cancellationToken = default);
}
