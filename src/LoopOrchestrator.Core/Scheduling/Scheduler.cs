using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Runs;
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
    OccurrenceLedger ledger,
    RunStore store,
    RunFactory runs,
    RunAdmission admission,
    RunService service,
    TimeProvider time,
    ILogger<Scheduler> logger)
{
    /// <summary>Deals with everything that is due now.</summary>
    /// <returns>The next due moment of any schedule, or the next moment at which a silent run may be ended; <see langword="null"/> for none.</returns>
    public async Task<DateTimeOffset?> TickAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        var (states, next) = await EndPausesAsync(now, cancellationToken);
        var all = states.GetValueOrDefault(ScheduleState.AllSchedules, ScheduleState.Unknown);
        foreach (var schedule in source.Schedules.Where(static schedule => schedule.Active))
        {
            try
            {
                var state = await LookAsync(schedule, states.GetValueOrDefault(schedule.Id, ScheduleState.Unknown), all, now, cancellationToken);
                next = Earliest(next, NextDue(schedule, state, now));
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // One schedule's trouble is not the others': they keep their beat, and this one is tried again soon.
                Log.LookFailed(logger, exception, schedule.Id);
                next = Earliest(next, now + SchedulerLoop.TakeOver);
            }
        }

        return Earliest(next, await StartWaitingAsync(now, cancellationToken));
    }

    private async Task<ScheduleState> LookAsync(Schedule schedule, ScheduleState state, ScheduleState all, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var segments = MisfirePlan.Create(schedule, state, all, now);
        if (segments.Count > 0)
        {
            await FireAsync(schedule, state, segments, now, cancellationToken);
            return state with { LastDueAt = segments[^1].Last };
        }

        if ((state.LastDueAt ?? schedule.LastExecutionTime ?? state.SeenAt) is null && NextOccurrence.First(schedule, now) is not null)
        {
            await ledger.SeeAsync(schedule.Id, now, cancellationToken);
            return state with { SeenAt = now };
        }

        return state;
    }

    // What a budget has paused goes on by itself when its day is over.
    private async Task<(IReadOnlyDictionary<string, ScheduleState> States, DateTimeOffset? Next)> EndPausesAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var states = await ledger.StatesAsync(cancellationToken);
        if (states.Values.Any(state => state.PausedUntil <= now))
        {
            await ledger.EndPausesAsync(now, cancellationToken);
            states = await ledger.StatesAsync(cancellationToken);
        }

        return (states, states.Values.Min(static state => state.PausedUntil));
    }

    /// <summary>When a schedule is due next, given what the ledger knows of it.</summary>
    public static DateTimeOffset? NextDue(Schedule schedule, ScheduleState state, DateTimeOffset now) =>
        (state.LastDueAt ?? schedule.LastExecutionTime) is { } reference
            ? NextOccurrence.Next(schedule, reference > now ? reference : now, reference)
            : NextOccurrence.First(schedule, state.SeenAt ?? now) is { } first && first > now ? first : NextOccurrence.First(schedule, now);

    /// <summary>Starts a schedule's work now, by hand.</summary>
    /// <exception cref="UserErrorException">There is no such schedule, its run cannot be made, or one is there already.</exception>
    public async Task<Run> TriggerAsync(string scheduleId, CancellationToken cancellationToken = default)
    {
        var schedule = source.Get(scheduleId);
        var (run, why) = await runs.CreateAsync(Request(schedule), cancellationToken);
        await admission.EnsureAsync(run, cancellationToken);
        await ledger.TriggerAsync(schedule.Id, run, cancellationToken);
        await store.DecideAsync(run.Id, run.CreatedAt, $"triggered by hand; {why}", cancellationToken);
        return run;
    }

    private async Task FireAsync(Schedule schedule, ScheduleState state, IReadOnlyList<DueSegment> segments, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var fires = segments.Any(static segment => segment.Outcome is null);
        var (run, why, refusal) = fires ? await MakeRunAsync(schedule, now, cancellationToken) : (null, null, null);
        var result = await ledger.EnterAsync(
            new FireRequest(schedule.Id, now, segments, schedule.TaskInteraction, schedule.Misfire == MisfirePolicy.All, (run, refusal))
            {
                PlannedFrom = state.LastDueAt,
                MostWaiting = schedule.MisfireLimit,
            },
            cancellationToken);
        if (result?.StartedRunId is { } started)
        {
            await store.DecideAsync(started, now, $"due {segments[^1].Last.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} by schedule '{schedule.Id}'; {why}", cancellationToken);
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

    private async Task<(Run? Run, string? Why, string? Refusal)> MakeRunAsync(Schedule schedule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (schedule.OnlyIf is not null)
        {
            return (null, null, "onlyIf is not carried out by this version, and firing without it could do work that nobody wants");
        }

        if (schedule.RequireActivity && await LastRunAsync(schedule.Id, cancellationToken) is { } last && !WorkspaceActivity.Since(paths, last))
        {
            return (null, null, "requireActivity: nothing in the workspace changed since the last run");
        }

        if (await admission.FindLimitAsync(cancellationToken) is { } limit)
        {
            return (null, null, limit);
        }

        try
        {
            var (run, why) = await runs.CreateAsync(Request(schedule), cancellationToken);
            return (run with { CreatedAt = now }, why, null);
        }
        catch (UserErrorException exception)
        {
            Log.Refused(logger, schedule.Id, exception.Message);
            return (null, null, exception.Message);
        }
    }

    private static RunRequest Request(Schedule schedule) =>
        new(schedule.Mode, schedule.TaskInstructions.Length > 0 ? schedule.TaskInstructions : schedule.Name)
        {
            Priority = RunPriority.Schedule,
            ScheduleId = schedule.Id,
            TimeoutSeconds = schedule.Timeout is { } timeout ? (int)timeout.TotalSeconds : null,
        };

    private async Task<DateTimeOffset?> LastRunAsync(string scheduleId, CancellationToken cancellationToken)
    {
        var runsOfSchedule = await store.ListAsync(new RunFilter { ScheduleId = scheduleId, Limit = 1 }, cancellationToken);
        return runsOfSchedule is [var run] ? run.EndedAt ?? run.CreatedAt : null;
    }

    private async Task<DateTimeOffset?> StartWaitingAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        DateTimeOffset? next = null;
        foreach (var id in (await ledger.WaitingAsync(cancellationToken)).Select(static waiting => waiting.ScheduleId).Distinct(StringComparer.Ordinal))
        {
            if (source.Schedules.FirstOrDefault(schedule => schedule.Id == id) is { Active: true } schedule)
            {
                next = Earliest(next, await StartWaitingAsync(schedule, now, cancellationToken));
            }
            else if (source.IsCertain)
            {
                await ledger.DropWaitingAsync(id, "its schedule was taken out of the file or made inactive while it waited", now, cancellationToken);
            }
        }

        return next;
    }

    private async Task<DateTimeOffset?> StartWaitingAsync(Schedule schedule, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if ((await store.InStateAsync(RunState.Running, cancellationToken)).FirstOrDefault(run => run.ScheduleId == schedule.Id) is { } running)
        {
            return await EndPredecessorAsync(schedule, running, now, cancellationToken);
        }

        if ((await store.InStateAsync(RunState.Queued, cancellationToken)).Any(run => run.ScheduleId == schedule.Id))
        {
            return null;
        }

        var (run, why, refusal) = await MakeRunAsync(schedule, now, cancellationToken);
        if (run is null)
        {
            await ledger.DropWaitingAsync(schedule.Id, refusal!, now, cancellationToken);
        }
        else if (await ledger.StartWaitingAsync(schedule.Id, run, now, cancellationToken))
        {
            await store.DecideAsync(run.Id, now, $"its schedule '{schedule.Id}' had waited for the run before it; {why}", cancellationToken);
            Log.Fired(logger, schedule.Id, schedule.Name, run.Id);
        }

        return null;
    }

    private async Task<DateTimeOffset?> EndPredecessorAsync(Schedule schedule, Run running, DateTimeOffset now, CancellationToken cancellationToken)
    {
        // What somebody else's agent does for a hand-off cannot be heard from here; only its time limit ends it.
        if (running.CancelReason is not null || (schedule.TaskInteraction == TaskInteraction.Wait && running.AgentKind == AgentKind.Handoff))
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
        var output = new FileInfo(service.OutputFile(running.Id));
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
        [LoggerMessage(EventId = 30, EventName = "Fired", Level = LogLevel.Information, Message = "Schedule {Schedule} ({Name}) fired: {Run}")]
        public static partial void Fired(ILogger logger, string schedule, string name, string run);

        [LoggerMessage(EventId = 31, EventName = "NotFired", Level = LogLevel.Information, Message = "Schedule {Schedule} ({Name}) was due: {Outcome}")]
        public static partial void NotFired(ILogger logger, string schedule, string name, string outcome);

        [LoggerMessage(EventId = 33, EventName = "ScheduleLookFailed", Level = LogLevel.Error, Message = "Schedule {Schedule} could not be looked at this time; the others go on")]
        public static partial void LookFailed(ILogger logger, Exception exception, string schedule);

        [LoggerMessage(EventId = 32, EventName = "Refused", Level = LogLevel.Warning, Message = "Schedule {Schedule} was due, but no run could be made: {Reason}")]
        public static partial void Refused(ILogger logger, string schedule, string reason);
    }
}
