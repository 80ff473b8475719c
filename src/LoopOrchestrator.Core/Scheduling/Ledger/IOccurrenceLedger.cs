using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>
/// The ledger: every due moment of every schedule with its one outcome. An outcome and the run that it starts are one transaction,
/// so a moment is neither lost nor fired twice, whatever is killed when. Safe for use by many threads and processes.
/// </summary>
internal interface IOccurrenceLedger : IOccurrenceReader
{
    /// <summary>The schedules with an entry for a moment that late or later.</summary>
    Task<IReadOnlySet<string>> EnteredSinceAsync(DateTimeOffset moment, CancellationToken cancellationToken = default);

    /// <summary>
    /// Enters due moments and fires the one that is to be fired, as the schedule's overlap rule allows. Does nothing (and returns
    /// <see langword="null"/>) when another process has entered them already.
    /// </summary>
    Task<FireResult?> EnterAsync(FireRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// As <see cref="EnterAsync(FireRequest, CancellationToken)"/>, for several schedules in one transaction: all of them or none.
    /// </summary>
    /// <returns>What came of each, in their order.</returns>
    Task<IReadOnlyList<FireResult?>> EnterAsync(IReadOnlyList<FireRequest> requests, CancellationToken cancellationToken = default);

    /// <summary>
    /// Starts the oldest waiting occurrence of a schedule, unless a run of it is still there.
    /// </summary>
    /// <param name="scheduleId">The schedule.</param>
    /// <param name="run">The run to add for it.</param>
    /// <param name="why">Its first decision.</param>
    /// <param name="now">The moment of the decision.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Whether it was started.</returns>
    Task<bool> StartWaitingAsync(string scheduleId, Run run, string why, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Enters a run that was triggered by hand. Its due moment is now and moves no other.</summary>
    /// <exception cref="UserErrorException">A run of this schedule is there already.</exception>
    Task TriggerAsync(string scheduleId, Run run, string why, CancellationToken cancellationToken = default);

    /// <summary>As above for a call with a request id, which is entered in the same transaction.</summary>
    /// <returns>
    /// What was recorded of that call before, and nothing is changed then; <see langword="null"/> when it was entered now.
    /// </returns>
    /// <exception cref="UserErrorException">A run of this schedule is there already.</exception>
    Task<RecordedRequest?> TriggerAsync(
        string scheduleId,
        Run run,
        string why,
        RequestKey request,
        CancellationToken cancellationToken = default
    );

    /// <summary>Notes since when a schedule that never ran is known; an earlier note stays.</summary>
    Task RecordFirstSeenAsync(string scheduleId, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Notes the timing under which a schedule is seen, and since when it counts where it came in the place of another.</summary>
    Task RecordFingerprintAsync(string scheduleId, string timing, DateTimeOffset? since, CancellationToken cancellationToken = default);

    /// <summary>
    /// Goes back with a clock that was set back: entries of moments that are still to come are taken away, because their time has not
    /// passed; those that started something stay, so that nothing is fired twice. Each schedule counts on from its last entry before now.
    /// </summary>
    /// <param name="now">The moment.</param>
    /// <param name="passed">What of a row for several moments has passed by now.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    Task RewindAsync(
        DateTimeOffset now,
        Func<Occurrence, (DateTimeOffset Last, long Count)> passed,
        CancellationToken cancellationToken = default
    );

    /// <summary>The occurrences that wait for their <c>onlyIf</c> check, oldest first.</summary>
    Task<IReadOnlyList<Occurrence>> CheckingAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// What an <c>onlyIf</c> check said: with a segment that fires, the rules of overlap are asked now and the occurrence starts, waits or
    /// is left out by them; with one that has an outcome, that is it.
    /// </summary>
    /// <returns><see langword="null"/> when the occurrence does not wait for this attempt of its check any more.</returns>
    Task<FireResult?> RecordCheckAsync(Occurrence occurrence, FireRequest request, CancellationToken cancellationToken = default);

    /// <summary>
    /// Records where an attempt of an <c>onlyIf</c> check is about to be made. False when it is made already, or the occurrence does
    /// not wait for it any more.
    /// </summary>
    Task<bool> BeginCheckAsync(Occurrence occurrence, string folder, string hash, CancellationToken cancellationToken = default);

    /// <summary>
    /// Keeps why the check of an occurrence is not begun yet; it goes on waiting. False when it is begun, or the occurrence does not wait
    /// for it any more.
    /// </summary>
    Task<bool> HoldCheckAsync(Occurrence occurrence, string reason, CancellationToken cancellationToken = default);

    /// <summary>The latest folders of checks of a schedule whose occurrences were dropped while they were asked.</summary>
    Task<IReadOnlyList<string>> DroppedChecksAsync(string scheduleId, int most, CancellationToken cancellationToken = default);

    /// <summary>Has an <c>onlyIf</c> check done again, because its supervisor was killed.</summary>
    Task CheckAgainAsync(Occurrence occurrence, CancellationToken cancellationToken = default);

    /// <summary>Records what waits of a schedule as skipped: nothing will start it any more.</summary>
    Task DropWaitingAsync(string scheduleId, string reason, DateTimeOffset now, CancellationToken cancellationToken = default);

    /// <summary>Of each schedule that has any, the oldest occurrence that waits for its turn or for its check.</summary>
    Task<IReadOnlyDictionary<string, Occurrence>> OldestOpenAsync(CancellationToken cancellationToken = default);

    /// <summary>
    /// How many due moments there are from a moment on, and those before it that still wait; what was triggered by hand is left out. Of a
    /// row for several moments that begins before, the share behind it counts.
    /// </summary>
    Task<DueCount> CountDueAsync(DateTimeOffset since, CancellationToken cancellationToken = default);

    /// <summary>
    /// The streak of due moments that a schedule is in, however long; <see langword="null"/> where the latest one that has an outcome was
    /// not left out so. What waits for its turn or its check, and what was triggered by hand, neither adds to it nor ends it.
    /// </summary>
    Task<SkipStreak?> SkipStreakAsync(string scheduleId, CancellationToken cancellationToken = default);

    /// <summary>The newest row of each of these schedules that has one.</summary>
    Task<IReadOnlyDictionary<string, Occurrence>> LatestAsync(
        IReadOnlyList<string> scheduleIds,
        CancellationToken cancellationToken = default
    );

    /// <summary>The latest run that an occurrence of each of these schedules was given, for those that have one.</summary>
    Task<IReadOnlyDictionary<string, Run>> LatestRunsAsync(
        IReadOnlyList<string> scheduleIds,
        CancellationToken cancellationToken = default
    );

    /// <summary>
    /// The schedules of which occurrences wait, in the order of the oldest one. It asks for each schedule's oldest and not for all that
    /// wait, which may be a thousand of each.
    /// </summary>
    Task<IReadOnlyList<WaitingSchedule>> WaitingSchedulesAsync(CancellationToken cancellationToken = default);

    /// <summary>The occurrences that wait, oldest first.</summary>
    Task<IReadOnlyList<Occurrence>> WaitingAsync(CancellationToken cancellationToken = default);
}
