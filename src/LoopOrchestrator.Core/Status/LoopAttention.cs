using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Trust;

namespace LoopOrchestrator.Core.Status;

/// <summary>What stops or delays the loop by its own rules, in sentences for a person: escalations, questions, limits.</summary>
internal static class LoopAttention
{
    private const int MaxHeld = 10;
    private const int MaxFailed = 5;

    public static IEnumerable<string> Describe(WorkspaceStatus status, bool trusted)
    {
        foreach (var held in status.HeldBack.Take(MaxHeld))
        {
            yield return $"{held}. {ApprovedEntries.HowTo}.";
        }

        if (status.HeldBack.Count > MaxHeld)
        {
            yield return $"{status.HeldBack.Count - MaxHeld} more are held back. {ApprovedEntries.HowTo}.";
        }

        foreach (var escalation in status.Escalations)
        {
            yield return $"Escalation {escalation.Id}: {escalation.Reason}. Look at run {escalation.Runs[^1]}, mend the cause, then "
                + $"{ToolNames.ResolveEscalation} with a note.";
        }

        // Those behind an escalation, or of an agent that is signed out, are told as that.
        var failed = status
            .StillFailed.Where(run =>
                !run.IsUnverified
                && !status.Escalations.Any(escalation => escalation.Runs.Contains(run.Id, StringComparer.Ordinal))
                && !status.SignedOut.Any(other => other.Id == run.Id)
                && !status.HeldAgents.Any(hold => hold.RunId == run.Id)
            )
            .ToList();
        if (failed.Count > 0)
        {
            yield return $"Since yesterday {failed.Count} failed: "
                + string.Join("; ", failed.Take(MaxFailed).Select(Failed))
                + (failed.Count > MaxFailed ? $"; and {failed.Count - MaxFailed} more" : "")
                + ". What succeeds again is told no more.";
        }

        foreach (var notice in status.Notices.Where(static notice => notice.DeliveredAt is null))
        {
            if (!trusted)
            {
                yield return $"Nobody was told of escalation {notice.EscalationId} by "
                    + $"{notice.Channel}, because this workspace is not trusted.";
            }
            else if (notice.Error is not null)
            {
                yield return $"Escalation {notice.EscalationId} could not be told by {notice.Channel}: {notice.Error}; "
                    + $"{(notice.NextAt is { } next ? $"tried again at {Moment(next)}" : $"given up after {notice.Tries} tries")}.";
            }
        }

        foreach (var schedule in status.Schedules.Where(schedule => schedule.Skips?.Count >= status.SkipsToTell))
        {
            yield return $"Schedule '{schedule.Schedule.Id}' was left out {schedule.Skips!.Count} time(s) in a row since "
                + $"{Moment(schedule.Skips.Since)}; the last time: {schedule.Skips.Reason}.";
        }

        foreach (var notice in status.Undelivered.Where(static notice => notice.Error is not null))
        {
            yield return notice.Tries == 0
                ? $"The notice of incident {notice.IncidentId} ({notice.Event}) waits, and {notice.Target} is not told: {notice.Error}."
                : $"The notice of incident {notice.IncidentId} ({notice.Event}) could not be delivered to {notice.Target}: "
                    + $"{notice.Error}; "
                    + $"{(notice.NextAt is { } next ? $"tried again at {Moment(next)}" : $"given up after {notice.Tries} tries")}.";
        }

        if (status.Questions is [var latest, ..])
        {
            var questions = status.Questions.Sum(static one => one.Count);
            yield return $"{questions} run(s) wait for an answer, the latest {latest.LatestRunId}: read the questions "
                + $"with {ToolNames.GetRun}, then {ToolNames.AnswerRun}.";
        }

        foreach (var hold in status.HeldAgents)
        {
            var what = hold.Failure == RunFailure.SignIn ? "is not signed in: its key was refused" : "gets no answer of a model: seen";
            var waiting = status.Queued.Count(run => run.Agent == hold.Agent);
            yield return $"Agent '{hold.Agent}' {what} in run {hold.RunId} ({hold.Reason}). Its other runs are held back since "
                + $"{Moment(hold.Since)}{(waiting > 0 ? $", {waiting} of them wait" : "")}. {hold.HowTo}.";
        }

        foreach (var run in status.SignedOut.Where(run => status.HeldAgents.All(hold => hold.Agent != run.Agent)))
        {
            yield return $"Agent '{run.Agent}' is not signed in: its key was refused in run {run.Id}. Sign in with its program, or "
                + "correct the key, then start the work again.";
        }

        foreach (
            var agent in status
                .Queued.Where(static run => run is { Failure: RunFailure.UsageLimit, NotBefore: not null })
                .GroupBy(static run => run.Agent, StringComparer.Ordinal)
        )
        {
            yield return $"Agent '{agent.Key}' has reached its usage limit; {agent.Count()} run(s) wait until "
                + $"{Moment(agent.Min(static run => run.NotBefore)!.Value)}.";
        }

        foreach (var cycle in status.Held)
        {
            yield return $"Cycle {cycle.Run.Id} is held since {Moment(cycle.HeldSince!.Value)}: {cycle.HeldReason}.";
        }

        if (status.LimitReached is { } limit)
        {
            yield return $"No further run is accepted now; {limit}.";
        }
    }

    private static string Failed(Run run) =>
        $"{run.Id} ({run.ScheduleId ?? run.Mode}) {run.State.Name()} at {Moment(run.EndedAt!.Value)}"
        + (run.Reason is { Length: > 0 } reason ? $", {TextCut.Shorten(reason, 120)}" : "");

    private static string Moment(DateTimeOffset moment) => $"{moment.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
}
