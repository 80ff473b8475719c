using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Checks;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Scheduling;

/// <summary>
/// Enters due moments into the ledger and starts waiting occurrences. It only puts runs into the queue, so a tick never waits for work.
/// One process of a workspace may tick at a time; the ledger itself refuses a moment that is in it already.
/// </summary>
internal sealed partial class Scheduler(
    WorkspacePaths paths,
    ScheduleSource source,
    IOccurrenceLedger ledger,
    IPauseStore pauses,
    IRunStore store,
    RunFactory runs,
    RunAdmission admission,
    RunService service,
    OnlyIfChecks checks,
    TimeProvider time,
    ILogger<Scheduler> logger)
{
    // How many schedules' due moments are one transaction, and after how many the caller's other work has its turn.
    private const int SchedulesPerBatch = 50;

    // Of each schedule whose check cannot be looked at.
    private readonly RepeatFilter _checkTrouble = new();

    /// <summary>Deals with everything that is due now.</summary>
    /// <param name="between">
    /// Called again and again while there is much to do, between two transactions: for work that must not wait until all schedules
    /// have been dealt with, such as starting what is queued.
    /// </param>
    /// <param name="cancellationToken">Ends the pass between two transactions.</param>
    /// <returns>The next due moment of any schedule, or the next moment at which a silent run may be ended; <see langword="null"/> for none.</returns>
    public async Task<DateTimeOffset?> TickAsync(Func<CancellationToken, Task>? between = null, CancellationToken cancellationToken = default)
    {
        between ??= static _ => Task.CompletedTask;
        var now = time.GetUtcNow();
        var states = await EndPausesAsync(await StatesAsync(now, cancellationToken), now, cancellationToken);
        var all = states.GetValueOrDefault(ScheduleState.AllSchedules, ScheduleState.Unknown);
        await SeeAbsentAsync(states, cancellationToken);
        var next = states.Values.Min(static state => state.PausedUntil);
        foreach (var part in source.Schedules.Chunk(SchedulesPerBatch))
        {
            var places = await admission.PlacesAsync(cancellationToken);
            var planned = new List<PlannedEntry>();
            foreach (var schedule in part)
            {
                try
                {
                    var state = await SeeAsync(schedule, states.GetValueOrDefault(schedule.Id, ScheduleState.Unknown), now, cancellationToken);
                    if (schedule.Active)
                    {
                        state = await PlanAsync(schedule, state, all, now, places, planned, cancellationToken);
                        next = Earliest(next, NextDue.Of(schedule, state, now) is { } due ? ScheduleJitter.FiringMoment(schedule, due) : null);
                    }
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    next = Earliest(next, Failed(schedule, now, exception));
                }
            }

            next = Earliest(next, await EnterAsync(planned, now, cancellationToken));
            if (part.Length == SchedulesPerBatch)
            {
                await between(cancellationToken);
            }
        }

        next = Earliest(next, await SettleChecksAsync(now, cancellationToken));
        return Earliest(next, await StartWaitingAsync(now, between, cancellationToken));
    }

    // One schedule's trouble is not the others': they keep their beat, and this one is tried again soon.
    private DateTimeOffset Failed(Schedule schedule, DateTimeOffset now, Exception exception)
    {
        Log.LookFailed(logger, exception, schedule.Id);
        return now + SchedulerLoop.TakeOver;
    }

    // One transaction for all of them, because each costs a sync of the disk; where it fails, one for each, so that the others keep their beat.
    private async Task<DateTimeOffset?> EnterAsync(List<PlannedEntry> planned, DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        if (planned.Count > 1)
        {
            try
            {
                var results = await ledger.EnterAsync([.. planned.Select(static one => one.Request)], cancellationToken);
                foreach (var (one, result) in planned.Zip(results))
                {
                    await FollowAsync(one.Schedule, result, cancellationToken);
                }

                return null;
            }
            catch (UserErrorException exception)
            {
                Log.BatchFailed(logger, planned.Count, exception.Message);
            }
        }

        foreach (var one in planned)
        {
            try
            {
                await FollowAsync(one.Schedule, await ledger.EnterAsync(one.Request, cancellationToken), cancellationToken);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                next = Earliest(next, Failed(one.Schedule, now, exception));
            }
        }

        return next;
    }

    // A clock that was set back by more than a little: what the ledger has of the time to come has not happened.
    private async Task<IReadOnlyDictionary<string, ScheduleState>> StatesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var states = await ledger.StatesAsync(cancellationToken);
        var limit = now + MisfirePlan.Threshold;
        if (!states.Values.Any(state => state.LastDueAt > limit || state.Since > limit || state.SeenAt > limit || state.ResumedAt > limit))
        {
            return states;
        }

        Log.ClockSetBack(logger);
        await ledger.RewindAsync(now, row => Passed(row, now), cancellationToken);
        return await ledger.StatesAsync(cancellationToken);
    }

    private (DateTimeOffset Last, long Count) Passed(Occurrence row, DateTimeOffset now)
    {
        return source.Schedules.FirstOrDefault(schedule => schedule.Id == row.ScheduleId) is { } schedule && NextOccurrence.Last(schedule, row.DueAt, now, row.DueAt) is { } last
            ? (last, 1 + NextOccurrence.Count(schedule, row.DueAt, now, row.DueAt))
            : (row.DueAt, 1);
    }

    private async Task<ScheduleState> SeeAsync(Schedule schedule, ScheduleState state, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var seen = state.SeenWith(schedule, now);
        if (state.Timing is null || !ReferenceEquals(seen, state))
        {
            await ledger.SeeTimingAsync(schedule.Id, ScheduleTiming.Of(schedule), state.Timing is null ? null : now, cancellationToken);
        }

        return seen;
    }

    // One that comes back into the file later counts from then, as one that was inactive does.
    private async Task SeeAbsentAsync(IReadOnlyDictionary<string, ScheduleState> states, CancellationToken cancellationToken)
    {
        if (!source.IsCertain)
        {
            return;
        }

        var present = source.Schedules.Select(static schedule => schedule.Id).ToHashSet(StringComparer.Ordinal);
        foreach (var (id, _) in states.Where(state => state.Value.Timing is not (null or ScheduleTiming.NotInForce) && !present.Contains(state.Key)))
        {
            await ledger.SeeTimingAsync(id, ScheduleTiming.NotInForce, since: null, cancellationToken);
        }
    }

    private async Task<ScheduleState> PlanAsync(
        Schedule schedule, ScheduleState state, ScheduleState all, DateTimeOffset now, RunPlaces places, List<PlannedEntry> planned, CancellationToken cancellationToken)
    {
        var segments = MisfirePlan.Create(schedule, state, all, now);
        if (segments.Count > 0)
        {
            planned.Add(new PlannedEntry(schedule, await RequestAsync(schedule, state, segments, now, places, cancellationToken)));
            return state with { LastDueAt = segments[^1].Last };
        }

        if ((state.Reference(schedule) ?? state.SeenAt) is null && NextOccurrence.First(schedule, now) is not null)
        {
            await ledger.SeeAsync(schedule.Id, now, cancellationToken);
            return state with { SeenAt = now };
        }

        return state;
    }

    // What a budget has paused goes on by itself when its day is over.
    private async Task<IReadOnlyDictionary<string, ScheduleState>> EndPausesAsync(IReadOnlyDictionary<string, ScheduleState> states, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (!states.Values.Any(state => state.PausedUntil <= now))
        {
            return states;
        }

        await pauses.EndDueAsync(now, cancellationToken);
        return await ledger.StatesAsync(cancellationToken);
    }

    private async Task<FireRequest> RequestAsync(
        Schedule schedule, ScheduleState state, IReadOnlyList<DueSegment> segments, DateTimeOffset now, RunPlaces places, CancellationToken cancellationToken)
    {
        var fires = segments.Any(static segment => segment.Outcome is null);
        var plan = fires ? await PlanRunAsync(schedule, now, places, cancellationToken) : null;
        return new FireRequest(schedule.Id, now, segments, schedule.TaskInteraction, schedule.Misfire == MisfirePolicy.All, plan)
        {
            PlannedFrom = state.LastDueAt,
            MostWaiting = schedule.MisfireLimit,
            Checks = schedule.OnlyIf is not null || checks.WhyUnguarded(schedule) is not null,
        };
    }

    private async Task FollowAsync(Schedule schedule, FireResult? result, CancellationToken cancellationToken)
    {
        if (result?.StartedRunId is { } started)
        {
            Log.Fired(logger, schedule.Id, schedule.Name, started);
        }
        else if (result is not null)
        {
            Log.NotFired(logger, schedule.Id, schedule.Name, result.Outcome is { } outcome ? OccurrenceNames.Name(outcome) : "waiting");
        }

        if (result?.InterruptRunId is { } interrupted)
        {
            await TryCancelAsync(interrupted, Interrupts(schedule), cancellationToken);
        }
    }

    private async Task<RunPlan> PlanRunAsync(Schedule schedule, DateTimeOffset now, RunPlaces places, CancellationToken cancellationToken)
    {
        if (schedule.OnlyIf is not null && await checks.RefusalAsync(cancellationToken) is { } untrusted)
        {
            return new RunPlan.Refused(untrusted);
        }

        if (schedule.RequireActivity && await LastRunAsync(schedule.Id, cancellationToken) is { } last && !WorkspaceActivity.Since(paths, last))
        {
            return new RunPlan.Refused("requireActivity: nothing in the workspace changed since the last run");
        }

        if (places.FindLimit() is { } limit)
        {
            return new RunPlan.Refused(limit.Text);
        }

        try
        {
            var plan = await runs.CreateAsync(ScheduledItem.Request(schedule, paths), cancellationToken);
            places.Take();
            return plan with { Run = plan.Run with { CreatedAt = now } };
        }
        catch (UserErrorException exception)
        {
            Log.Refused(logger, schedule.Id, exception.Message);
            return new RunPlan.Refused(exception.Message);
        }
    }

    private async Task<DateTimeOffset?> LastRunAsync(string scheduleId, CancellationToken cancellationToken)
    {
        var runsOfSchedule = await store.ListAsync(new RunFilter { ScheduleId = scheduleId, Limit = 1 }, cancellationToken);
        return runsOfSchedule is [var run] ? run.EndedAt ?? run.CreatedAt : null;
    }

    private async Task<DateTimeOffset?> SettleChecksAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (var occurrence in (await ledger.CheckingAsync(cancellationToken)).DistinctBy(static occurrence => occurrence.ScheduleId, StringComparer.Ordinal))
        {
            if (source.Schedules.FirstOrDefault(schedule => schedule.Id == occurrence.ScheduleId) is not { Active: true } schedule)
            {
                continue;
            }

            // A supervisor of ours or its bell tells at once; the regular look is for one that was killed, or has to be started elsewhere.
            next = Earliest(next, now + SchedulerLoop.TakeOver);
            try
            {
                var answer = schedule.OnlyIf is not null ? await checks.AnswerAsync(occurrence, cancellationToken)
                    : await checks.HoldUnguardedAsync(schedule, occurrence, cancellationToken) ? null
                    : new CheckAnswer.Yes();
                _checkTrouble.Clear(schedule.Id);
                if (answer is not null)
                {
                    await SettleCheckAsync(schedule, occurrence, answer, now, cancellationToken);
                    await checks.PruneAsync(cancellationToken);
                    next = Earliest(next, now);
                }
            }
            catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
            {
                // What is wrong with one check's folder must not keep the others, or the runs, from going on.
                if (_checkTrouble.IsNew(exception.Message, schedule.Id))
                {
                    Log.LookFailed(logger, exception, schedule.Id);
                }
            }
        }

        return next;
    }

    private async Task SettleCheckAsync(Schedule schedule, Occurrence occurrence, CheckAnswer answer, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var no = answer as CheckAnswer.No;
        var plan = no is null
            ? await PlanRunAsync(schedule, now, await admission.PlacesAsync(cancellationToken), cancellationToken)
            : new RunPlan.Refused(no.Reason);
        if (plan is RunPlan.Accepted accepted && schedule.OnlyIf is not null)
        {
            plan = accepted with { Why = $"its onlyIf said yes; {accepted.Why}" };
        }

        var due = new DueSegment(occurrence.DueAt, occurrence.LastDueAt, occurrence.Count, Outcome: null, Reason: null);
        var segment = plan is RunPlan.Refused refused
            ? due with { Outcome = OccurrenceOutcome.Skipped, Reason = refused.Reason, ReasonCode = no?.Code }
            : due;
        var result = await ledger.SettleCheckAsync(
            occurrence,
            new FireRequest(schedule.Id, now, [segment], schedule.TaskInteraction, schedule.Misfire == MisfirePolicy.All, plan)
            {
                MostWaiting = schedule.MisfireLimit,
            },
            cancellationToken);
        await FollowAsync(schedule, result, cancellationToken);
    }

    private async Task<DateTimeOffset?> StartWaitingAsync(DateTimeOffset now, Func<CancellationToken, Task> between, CancellationToken cancellationToken)
    {
        var waiting = await ledger.WaitingSchedulesAsync(cancellationToken);
        if (waiting.Count == 0)
        {
            return null;
        }

        DateTimeOffset? next = null;
        var active = await store.ActiveBySchedulesAsync(cancellationToken);
        var places = await admission.PlacesAsync(cancellationToken);
        var schedules = source.Schedules.DistinctBy(static schedule => schedule.Id, StringComparer.Ordinal).ToDictionary(static schedule => schedule.Id, StringComparer.Ordinal);
        var written = 0;
        foreach (var (id, ready) in waiting)
        {
            if (schedules.GetValueOrDefault(id) is { Active: true } schedule)
            {
                if (ready && active.Running.GetValueOrDefault(id) is { } running)
                {
                    next = Earliest(next, await EndPredecessorAsync(schedule, running, now, cancellationToken));
                }
                else if (ready && !active.Active.Contains(id) && !places.IsQueueFull)
                {
                    // A full queue is no reason to drop what waits: it has room again when one of its runs is started.
                    await StartWaitingAsync(schedule, now, places, cancellationToken);
                    written++;
                }
            }
            else if (source.IsCertain)
            {
                await ledger.DropWaitingAsync(id, "its schedule was taken out of the file or made inactive while it waited", now, cancellationToken);
                written++;
            }

            if (written == SchedulesPerBatch)
            {
                written = 0;
                await between(cancellationToken);
            }
        }

        return next;
    }

    private async Task StartWaitingAsync(Schedule schedule, DateTimeOffset now, RunPlaces places, CancellationToken cancellationToken)
    {
        switch (await PlanRunAsync(schedule, now, places, cancellationToken))
        {
            case RunPlan.Refused refused:
                await ledger.DropWaitingAsync(schedule.Id, refused.Reason, now, cancellationToken);
                break;
            case RunPlan.Accepted accepted:
                var why = $"its schedule '{schedule.Id}' had waited for the run before it; {accepted.Why}";
                if (await ledger.StartWaitingAsync(schedule.Id, accepted.Run, why, now, cancellationToken))
                {
                    Log.Fired(logger, schedule.Id, schedule.Name, accepted.Run.Id);
                }

                break;
        }
    }

    private async Task<DateTimeOffset?> EndPredecessorAsync(Schedule schedule, Run running, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What somebody else's agent does for a hand-off cannot be heard from here; only its time limit ends it. A cycle prints nothing itself, and its steps have limits.
        if (running.CancelReason is not null || (schedule.TaskInteraction == TaskInteraction.Wait && running.Kind != RunKind.Agent))
        {
            return null;
        }

        if (schedule.TaskInteraction == TaskInteraction.Interrupt)
        {
            await TryCancelAsync(running.Id, Interrupts(schedule), cancellationToken);
        }

        return schedule.TaskInteraction == TaskInteraction.Wait ? await EndSilentRunAsync(schedule, running, now, cancellationToken) : null;
    }

    // Roo Scheduler's meaning of wait: what is going on is left alone as long as it does something.
    private async Task<DateTimeOffset?> EndSilentRunAsync(Schedule schedule, Run running, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var output = new FileInfo(service.OutputFile(running));
        var printed = output.Exists ? new DateTimeOffset(output.LastWriteTimeUtc) : default;
        var active = printed > running.AttemptStartedAt ? printed : running.AttemptStartedAt!.Value;
        var until = active + schedule.InactivityDelay;
        if (until > now)
        {
            return until;
        }

        await TryCancelAsync(running.Id, $"it was silent for {schedule.InactivityDelay.TotalMinutes:0.##} min (inactivityDelay) and the next occurrence of schedule '{schedule.Id}' waits", cancellationToken);
        return null;
    }

    private static string Interrupts(Schedule schedule) => $"schedule '{schedule.Id}' is due again and its taskInteraction is interrupt";

    private async Task TryCancelAsync(string runId, string reason, CancellationToken cancellationToken)
    {
        try
        {
            await service.CancelAsync(runId, reason, cancellationToken);
        }
        catch (UserErrorException)
        {
            // It ended by itself at this moment, which is just as well.
        }
    }

    private static DateTimeOffset? Earliest(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right ?? left : left;

    private static partial class Log
    {
        [LoggerMessage(LogEvents.ScheduleFired, LogLevel.Information, "Schedule {Schedule} ({Name}) fired: {Run}")]
        public static partial void Fired(ILogger logger, string schedule, string name, string run);

        [LoggerMessage(LogEvents.ClockSetBack, LogLevel.Warning,
            "The clock was set back: the ledger goes back with it, and fires nothing a second time")]
        public static partial void ClockSetBack(ILogger logger);

        [LoggerMessage(LogEvents.ScheduleNotFired, LogLevel.Information, "Schedule {Schedule} ({Name}) was due: {Outcome}")]
        public static partial void NotFired(ILogger logger, string schedule, string name, string outcome);

        [LoggerMessage(LogEvents.ScheduleCheckFailed, LogLevel.Error,
            "Schedule {Schedule} could not be looked at this time; the others go on")]
        public static partial void LookFailed(ILogger logger, Exception exception, string schedule);

        [LoggerMessage(LogEvents.ScheduleBatchFailed, LogLevel.Warning,
            "The due moments of {Count} schedules could not be entered together and are entered one by one: {Error}")]
        public static partial void BatchFailed(ILogger logger, int count, string error);

        [LoggerMessage(LogEvents.ScheduleRefused, LogLevel.Warning, "Schedule {Schedule} was due, but no run could be made: {Reason}")]
        public static partial void Refused(ILogger logger, string schedule, string reason);
    }
}
