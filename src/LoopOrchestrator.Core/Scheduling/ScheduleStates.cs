using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// What the ledger knows of schedules, brought up to date with the clock and with the file before anything is decided by it.
/// </summary>
internal sealed partial class ScheduleStates(ScheduleSource source, IOccurrenceLedger ledger, IPauseStore pauses, ILogger<Scheduler> logger)
{
    private TimeZoneInfo? _zone;

    /// <summary>What is known now: behind a clock that was set back, and with pauses ended that are over.</summary>
    public async Task<IReadOnlyDictionary<string, ScheduleState>> ReadAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        ReportZone();
        return await EndPausesAsync(await StatesAsync(now, cancellationToken), now, cancellationToken);
    }

    /// <summary>Notes how a schedule is timed, from when a change of that counts.</summary>
    public async Task<ScheduleState> RecordFirstSeenAsync(
        Schedule schedule,
        ScheduleState state,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var seen = state.WithFingerprint(schedule, now);
        if (state.Fingerprint is null || !ReferenceEquals(seen, state))
        {
            await ledger.RecordFingerprintAsync(
                schedule.Id,
                ScheduleTiming.Of(schedule),
                state.Fingerprint is null ? null : now,
                cancellationToken
            );
        }

        return seen;
    }

    /// <summary>Notes that a schedule was seen that counts from now.</summary>
    public Task RecordFirstSeenAsync(Schedule schedule, DateTimeOffset now, CancellationToken cancellationToken) =>
        ledger.RecordFirstSeenAsync(schedule.Id, now, cancellationToken);

    /// <summary>
    /// Notes which schedules are not in the file. One that comes back into the file later counts from then, as one that was inactive does.
    /// </summary>
    public async Task RecordRemovedAsync(IReadOnlyDictionary<string, ScheduleState> states, CancellationToken cancellationToken)
    {
        if (!source.IsCertain)
        {
            return;
        }

        var present = source.Schedules.Select(static schedule => schedule.Id).ToHashSet(StringComparer.Ordinal);
        foreach (
            var (id, _) in states.Where(state =>
                state.Value.Fingerprint is not (null or ScheduleTiming.NotInForce) && !present.Contains(state.Key)
            )
        )
        {
            await ledger.RecordFingerprintAsync(id, ScheduleTiming.NotInForce, since: null, cancellationToken);
        }
    }

    // A clock that was set back by more than a little: what the ledger has of the time to come has not happened.
    private async Task<IReadOnlyDictionary<string, ScheduleState>> StatesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var states = await ledger.StatesAsync(cancellationToken);
        var limit = now + MisfirePlan.Threshold;
        if (
            !states.Values.Any(state =>
                state.LastDueAt > limit || state.CountsFrom > limit || state.FirstSeenAt > limit || state.ResumedAt > limit
            )
        )
        {
            return states;
        }

        Log.ClockSetBack(logger);
        await ledger.RewindAsync(now, row => Passed(row, now), cancellationToken);
        return await ledger.StatesAsync(cancellationToken);
    }

    private (DateTimeOffset Last, long Count) Passed(Occurrence row, DateTimeOffset now)
    {
        try
        {
            return
                source.Schedules.FirstOrDefault(schedule => schedule.Id == row.ScheduleId) is { } schedule
                && NextOccurrence.Last(schedule, row.DueAt, now, row.DueAt) is { } last
                ? (last, 1 + NextOccurrence.Count(schedule, row.DueAt, now, row.DueAt))
                : (row.DueAt, 1);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A schedule that cannot be due keeps no other from going back with the clock.
            return (row.DueAt, 1);
        }
    }

    // Schedules that name no zone follow the machine's, also while we serve: at which moments they are due from now on is another matter.
    private void ReportZone()
    {
        var zone = source.LocalZone;
        if (_zone is not null && !ReferenceEquals(zone, _zone))
        {
            Log.LocalZoneChanged(logger, _zone.Id, zone.Id);
        }

        _zone = zone;
    }

    // What a budget has paused goes on by itself when its day is over.
    private async Task<IReadOnlyDictionary<string, ScheduleState>> EndPausesAsync(
        IReadOnlyDictionary<string, ScheduleState> states,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        if (!states.Values.Any(state => state.PausedUntil <= now))
        {
            return states;
        }

        await pauses.EndDueAsync(now, cancellationToken);
        return await ledger.StatesAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.LocalZoneChanged,
            LogLevel.Warning,
            "The zone of this machine, or its data, has changed (before: {Before}, now: {Now}): schedules without a timeZone follow it"
        )]
        public static partial void LocalZoneChanged(ILogger logger, string before, string now);

        [LoggerMessage(
            LogEvents.ClockSetBack,
            LogLevel.Warning,
            "The clock was set back: the ledger goes back with it, and fires nothing a second time"
        )]
        public static partial void ClockSetBack(ILogger logger);
    }
}
