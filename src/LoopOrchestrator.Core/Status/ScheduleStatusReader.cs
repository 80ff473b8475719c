using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;

namespace LoopOrchestrator.Core.Status;

/// <summary>
/// Reads where schedules stand: when each is due, what became of its last moment, and whether moments passed that nothing fired.
/// </summary>
internal sealed class ScheduleStatusReader(StatusSources sources)
{
    // A due moment gets its outcome within milliseconds; one without after this long means that nothing fires.
    internal static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Where each schedule stands, in the order of the file.</summary>
    /// <param name="counts">Whether missing moments are counted: only who tells of them needs it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyList<ScheduleStatus>> ReadAsync(bool counts, CancellationToken cancellationToken)
    {
        var now = sources.Time.GetUtcNow();
        var states = await sources.Storage.Ledger.StatesAsync(cancellationToken);
        var result = new List<ScheduleStatus>();
        var schedules = sources.Schedules.Schedules;
        List<string> ids = [.. schedules.Select(static schedule => schedule.Id)];
        var latest = await sources.Storage.Ledger.LatestAsync(ids, cancellationToken);
        var runs = await sources.Storage.Ledger.LatestRunsAsync(ids, cancellationToken);
        foreach (var schedule in schedules)
        {
            var (state, pause) = StateOf(schedule, states, now);
            var overdue = Overdue(schedule, state, pause, now);
            var last = latest.GetValueOrDefault(schedule.Id);
            result.Add(
                new ScheduleStatus(
                    schedule,
                    schedule.Active ? Calculated(() => NextDue.Of(schedule, state, now)) : null,
                    last,
                    runs.GetValueOrDefault(schedule.Id),
                    pause is null ? null : $"since {pause.Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}: {pause.Reason}",
                    overdue
                )
                {
                    MissingCount = counts && overdue is not null ? CountMissing(schedule, state, pause, now) : 0,
                    Pause = pause,
                    Skips =
                        counts && schedule.Active && pause is null && MayBeInAStreak(last)
                            ? await sources.Storage.Ledger.SkipStreakAsync(schedule.Id, cancellationToken)
                            : null,
                }
            );
        }

        return result;
    }

    /// <summary>The schedules that have been due for longer than they should be without an outcome, each with since when.</summary>
    public async Task<IReadOnlyList<OverdueSchedule>> OverdueAsync(CancellationToken cancellationToken = default)
    {
        var now = sources.Time.GetUtcNow();

        // Monitors ask each second: what got its outcome a moment ago, which may be a thousand schedules, is not looked into.
        var recent = await sources.Storage.Ledger.EnteredSinceAsync(now - Patience, cancellationToken);
        var others = sources.Schedules.Schedules.Where(schedule => schedule.Active && !recent.Contains(schedule.Id)).ToList();
        if (others.Count == 0)
        {
            return [];
        }

        var states = await sources.Storage.Ledger.StatesAsync(cancellationToken);
        return
        [
            .. others
                .Select(schedule =>
                {
                    var (state, pause) = StateOf(schedule, states, now);
                    return (schedule.Id, Since: Overdue(schedule, state, pause, now));
                })
                .Where(static one => one.Since is not null)
                .Select(static one => new OverdueSchedule(one.Id, one.Since!.Value)),
        ];
    }

    // Mostly the newest row says already that there is none, and nothing further is read.
    private static bool MayBeInAStreak(Occurrence? newest) =>
        newest is not null and not { Origin: OccurrenceOrigin.Schedule, Outcome: not (null or OccurrenceOutcome.Skipped) };

    private static (ScheduleState State, SchedulePause? Pause) StateOf(
        Schedule schedule,
        IReadOnlyDictionary<string, ScheduleState> states,
        DateTimeOffset now
    )
    {
        var state = states.GetValueOrDefault(schedule.Id, ScheduleState.Unknown).WithFingerprint(schedule, now);
        var all = states.GetValueOrDefault(ScheduleState.AllSchedules, ScheduleState.Unknown);
        return (state, SchedulePause.Of(state, isOfAll: false, now) ?? SchedulePause.Of(all, isOfAll: true, now));
    }

    private static DateTimeOffset? Overdue(Schedule schedule, ScheduleState state, SchedulePause? pause, DateTimeOffset now) =>
        schedule.Active
            ? Calculated(() =>
                MisfirePlan.FirstWithoutEntry(schedule, state, now) is { } moment
                && now - ScheduleJitter.FiringMoment(schedule, moment) > Patience
                && !(moment > pause?.Since)
                    ? moment
                    : null
            )
            : null;

    // What comes due while a schedule is paused is left out on purpose, and the next server enters it so: nobody misses it.
    private static long CountMissing(Schedule schedule, ScheduleState state, SchedulePause? pause, DateTimeOffset now)
    {
        var until = now - Patience;
        return Math.Clamp(
            MisfirePlan.CountWithoutEntry(schedule, state, pause?.Since < until ? pause.Since : until, ScheduleStatus.MaxMissing),
            1,
            ScheduleStatus.MaxMissing
        );
    }

    // A schedule whose moments cannot be told stands among the findings of its file; the others are told as ever.
    private static DateTimeOffset? Calculated(Func<DateTimeOffset?> moment)
    {
        try
        {
            return moment();
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            return null;
        }
    }
}
