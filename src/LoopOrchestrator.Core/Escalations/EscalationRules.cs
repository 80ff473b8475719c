using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Escalations;

/// <summary>What the end of a run says about its step, and how an escalation is worded. Pure.</summary>
internal static class EscalationRules
{
    private const string WayOn = "; see " + ToolNames.GetStatus + ", and go on with " + ToolNames.ResolveEscalation;

    /// <summary>The error where somebody resolves what there is not.</summary>
    /// <param name="id">What was asked for.</param>
    /// <param name="open">The numbers of those that are open.</param>
    public static UserErrorException Unknown(long id, IReadOnlyList<long> open) =>
        new($"There is no escalation {id}. {(open.Count == 0 ? "None is open." : $"Open: {string.Join(", ", open)}.")}");

    /// <summary>Returns where an escalation is open.</summary>
    /// <exception cref="UserErrorException">It was resolved already.</exception>
    public static void RefuseResolved(Escalation escalation)
    {
        if (escalation.ResolvedAt is { } before)
        {
            throw new UserErrorException(
                $"Escalation {escalation.Id} was resolved at {before.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} already "
                    + $"(\"{escalation.Note}\"); nothing was changed."
            );
        }
    }

    /// <summary>
    /// What an end says: a success begins the count anew, a failure or a time-out is one more whatever attempts it took; anything else
    /// (cancelled, interrupted, a question) says nothing about the step. The steps of a cycle are not counted: what their failures mean,
    /// the cycle decides.
    /// </summary>
    public static StepEnd Judge(Run run, RunEnd end)
    {
        if (run.CycleId is not null)
        {
            return StepEnd.SaysNothing;
        }

        if (end.State == RunState.Succeeded)
        {
            // An unverified success was seen by nobody.
            return run.IsUnverified ? StepEnd.SaysNothing : StepEnd.Succeeded;
        }

        return
            end.State is RunState.Failed or RunState.TimedOut
            && end is not { State: RunState.Failed, Failure: RunFailure.UsageLimit or RunFailure.Recording }
            ? StepEnd.Failed
            : StepEnd.SaysNothing;
    }

    /// <summary>Why the schedule of an escalation is paused.</summary>
    public static string PauseReason(long id) =>
        ToolNames.Plain($"escalation {id}: its runs failed again and again{WayOn}");

    /// <summary>That reason as it is told: with the tools marked, which it is not kept with. Any other is left as it is.</summary>
    public static string Marked(string pauseReason)
    {
        ArgumentNullException.ThrowIfNull(pauseReason);
        var kept = ToolNames.Plain(WayOn);
        return pauseReason.EndsWith(kept, StringComparison.Ordinal) ? pauseReason[..^kept.Length] + WayOn : pauseReason;
    }

    /// <summary>Why a step is escalated.</summary>
    public static string Reason(Run run, RunEnd end, int failures)
    {
        var what = run.ScheduleId is { } schedule ? $"schedule '{schedule}'" : $"\"{RunTitle.Of(run.Task)}\" in mode {run.Mode}";
        return $"{what} failed {failures} time(s) in a row; the last time: {end.State.Name()}, {end.Reason}";
    }

    /// <summary>The note of who resolves an escalation, as it is kept.</summary>
    /// <exception cref="UserErrorException">It is blank.</exception>
    public static string Note(string note) =>
        string.IsNullOrWhiteSpace(note)
            ? throw new UserErrorException("note is empty. Say what was found and changed, so that the next one who meets it knows.")
            : note.Trim();
}
