using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Status;

/// <summary>
/// Finds the one reason why a schedule or a run does not run now: of several, the one without which nothing else would help. Pure. The
/// order for runs is that of <c>IRunStore.TryStartAsync</c> and what is asked before it.
/// </summary>
internal static class WhyNotRules
{
    /// <summary>Why a queued run waits; <see langword="null"/> for one that does not wait.</summary>
    public static WhyNot? Of(Run run, WhyNotFacts facts)
    {
        if (run.State != RunState.Queued)
        {
            return null;
        }

        if (run.CancelReason is not null)
        {
            return new WhyNot(WhyNotCode.Ending, $"somebody asked for its end: {run.CancelReason}");
        }

        if (run.Kind == RunKind.Handoff)
        {
            return run.NotBefore > facts.Now
                ? Pause(run)
                : new WhyNot(WhyNotCode.Unclaimed, $"waits for an agent to take it with {ToolNames.ClaimRun}");
        }

        return (run.Kind == RunKind.Agent ? OfProgram(run, facts) : null)
            ?? (run.NotBefore > facts.Now ? Pause(run) : null)
            ?? BusySchedule(run, facts)
            ?? (run.Kind == RunKind.Agent ? LimitOfAgent(run, facts) ?? AtCapacity(run, facts) : null)
            ?? (facts.Fires ? new WhyNot(WhyNotCode.Starting, "is about to start") : NoServer);
    }

    /// <summary>Why a schedule does not run; <see langword="null"/> for one whose work goes on.</summary>
    public static WhyNot? Of(ScheduleStatus status, WhyNotFacts facts)
    {
        var schedule = status.Schedule;
        if (facts.RunningBySchedule.ContainsKey(schedule.Id))
        {
            return null;
        }

        if (facts.QueuedBySchedule.GetValueOrDefault(schedule.Id) is { } queued && Of(queued, facts) is { } waits)
        {
            return waits with { Text = $"its run {queued.Id}: {waits.Text}" };
        }

        if (!schedule.Active)
        {
            return new WhyNot(WhyNotCode.Inactive, "is inactive in its file");
        }

        if (status.Pause is { } pause)
        {
            return new WhyNot(WhyNotCode.Paused, pause.Describe()) { Until = pause.Until };
        }

        if (facts.StartingNothing.GetValueOrDefault(schedule.Id) is { } nothing)
        {
            return new WhyNot(WhyNotCode.StartsNothing, nothing);
        }

        if (!facts.Fires)
        {
            return NoServer;
        }

        if (status.OverdueSince is { } overdue)
        {
            return new WhyNot(WhyNotCode.Overdue, $"was due at {Moment(overdue)} and nothing fired it");
        }

        return OfLedger(status, facts);
    }

    private static WhyNot NoServer => new(WhyNotCode.NoServer, "no server runs on this workspace");

    // The order in which these are asked before a run is taken.
    private static WhyNot? OfProgram(Run run, WhyNotFacts facts)
    {
        if (!facts.StartsPrograms)
        {
            return facts.Fires ? new WhyNot(WhyNotCode.Untrusted, "the workspace is not trusted, so no program is started") : NoServer;
        }

        if (run.Agent is { } agent && facts.Holds.GetValueOrDefault(agent) is { } hold)
        {
            return hold.Failure == RunFailure.SignIn
                ? new WhyNot(WhyNotCode.SignedOut, $"nobody is signed in to agent '{agent}': its key was refused in run {hold.RunId}")
                : new WhyNot(WhyNotCode.NoService, $"agent '{agent}' gets no answer of a model: seen in run {hold.RunId}");
        }

        return facts.HeldBack(run) is { } held ? new WhyNot(WhyNotCode.HeldBack, held) : null;
    }

    private static WhyNot Pause(Run run) =>
        run.Failure == RunFailure.UsageLimit
            ? new WhyNot(
                WhyNotCode.UsageLimit,
                $"waits for the reset of the usage limit of agent '{run.Agent}' at {Moment(run.NotBefore!.Value)}"
            )
            {
                Until = run.NotBefore,
            }
            : new WhyNot(WhyNotCode.Retry, $"waits until {Moment(run.NotBefore!.Value)}, then attempt {run.Attempt + 1} begins")
            {
                Until = run.NotBefore,
            };

    private static WhyNot? BusySchedule(Run run, WhyNotFacts facts) =>
        run.ScheduleId is { } id && facts.RunningBySchedule.GetValueOrDefault(id) is { } other
            ? new WhyNot(WhyNotCode.Busy, $"run {other.Id} of its schedule goes on")
            : null;

    // One that has reached its agent's limit keeps the others of that agent from trying.
    private static WhyNot? LimitOfAgent(Run run, WhyNotFacts facts) =>
        run.Agent is { } agent && facts.LimitedByAgent.GetValueOrDefault(agent) is { } limited && limited.NotBefore > facts.Now
            ? Pause(limited)
            : null;

    // Those above a run wait for it and take no place from it.
    private static WhyNot? AtCapacity(Run run, WhyNotFacts facts)
    {
        var above = new HashSet<string>(StringComparer.Ordinal);
        for (var parent = run.ParentRunId; parent is not null && above.Add(parent);)
        {
            parent = facts.RunningById.GetValueOrDefault(parent)?.ParentRunId;
        }

        return facts.Running.Count(other => other.Kind == RunKind.Agent && !above.Contains(other.Id)) >= facts.MaxRunning
            ? new WhyNot(WhyNotCode.AtCapacity, $"waits at the cap of {facts.MaxRunning} runs (limits.concurrentRuns)")
            : null;
    }

    private static WhyNot OfLedger(ScheduleStatus status, WhyNotFacts facts)
    {
        // What is open decides, however much has been joined to it or left out behind it.
        if (facts.Open.GetValueOrDefault(status.Schedule.Id) is { } open)
        {
            var moment = Moment(open.LastDueAt);
            return open.State == OccurrenceState.Checking ? new WhyNot(WhyNotCode.Checking, $"its moment of {moment} waits: {open.Reason}")
                : facts.Queued.Count >= facts.MaxQueued
                    ? new WhyNot(WhyNotCode.QueueFull, $"its moment of {moment} waits: the queue is full (limits.queueLength)")
                : new WhyNot(WhyNotCode.Busy, $"its moment of {moment} waits for its turn");
        }

        var last = status.Last;
        if (status.NextOccurrence is not { } next)
        {
            return new WhyNot(WhyNotCode.NeverDue, "is never due again");
        }

        return last?.Outcome is OccurrenceOutcome.Skipped or OccurrenceOutcome.Missed
            ? new WhyNot(
                WhyNotCode.LeftOut,
                $"its moment of {Moment(last.LastDueAt)} was {last.OutcomeName}: {last.Reason}; the next one is at {Moment(next)}"
            )
            {
                Until = next,
            }
            : new WhyNot(WhyNotCode.NotDue, next <= facts.Now ? "is due now" : $"is not due before {Moment(next)}") { Until = next };
    }

    private static string Moment(DateTimeOffset moment) => $"{moment.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
}
