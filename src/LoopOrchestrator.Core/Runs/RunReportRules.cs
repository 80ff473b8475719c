using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Who may report a run: the agent that it was started with, or the holder of its lease; nobody for a command, whose exit code decides,
/// nor for a cycle. What is reported first stands, but the agent of a program that goes on may take a success back, or answer its own
/// <c>needs_input</c>: nothing that was reported becomes better than it was told at first, save by what came of its questions. Every
/// refusal says what to send instead, so that no report is lost. Pure.
/// </summary>
internal static class RunReportRules
{
    private const string Kept = "Nothing of this report was kept.";

    // Enough to know one's own report again.
    private const int MaxSummary = 300;

    /// <summary>Decides on a report.</summary>
    /// <param name="run">The run as it stands.</param>
    /// <param name="caller">Who reports.</param>
    /// <param name="token">The token that came with the report.</param>
    /// <param name="attempts">The attempts of the run.</param>
    /// <returns>Why it is refused and what to do; <see langword="null"/> when it is taken.</returns>
    public static string? Refuse(Run run, RunCaller caller, string? token, IReadOnlyList<RunAttempt> attempts)
    {
        var shown = token ?? caller.TokenOf(run.Id);
        return run switch
        {
            { Kind: RunKind.Cycle } => $"Run {run.Id} is a cycle of a workflow and takes no report: each of its steps is a run of its own. "
                + $"{ToolNames.GetRun} shows them; report with the id of the step that you work on.",
            { AgentKind: AgentKind.Command } => $"Run {run.Id} takes no report: it is done by the command '{run.Agent}', and its exit code "
                + $"decides. {ToolNames.GetRun} shows how it ends; {ToolNames.CancelRun} ends it now.",
            _ when run.State.HasEnded() => $"Run {run.Id} has ended already ({run.State.Name()}: {run.Reason}); a report after that "
                + $"changes nothing.{Reported(run)}",
            _ when Late(run, shown, attempts) is { } late => late,
            { AgentKind: AgentKind.Cli } => RefuseOfProgram(run, caller, shown),
            _ => RefuseOfHandOff(run, caller, token, shown),
        };
    }

    /// <summary>
    /// Whether this is the report that stands, sent once more by somebody who might give it: an agent whose answer was lost tries again.
    /// </summary>
    public static bool IsRepeated(Run run, RunReport report, RunCaller caller, string? token, IReadOnlyList<RunAttempt> attempts) =>
        run.ReportedOutcome == report.Outcome
        && run.Summary == report.Summary
        && run.Findings.SequenceEqual(report.Findings, StringComparer.Ordinal)
        && run.FollowUps.SequenceEqual(report.FollowUps, StringComparer.Ordinal)
        && run.Questions.SequenceEqual(report.Questions, StringComparer.Ordinal)
        && Refuse(run.State.HasEnded() ? run with { State = RunState.Running } : run, caller, token, attempts) is null;

    /// <summary>Why a report that differs from one before is refused; <see langword="null"/> when none stands in its way.</summary>
    public static string? RefuseSecond(Run run, RunReport report) =>
        run.ReportedOutcome is not { } first
        || first == RunState.NeedsInput
        || (first == RunState.Succeeded && report.Outcome != RunState.Succeeded)
            ? null
            : $"Run {run.Id} was reported already as {first.Name()}, and that stands: {Excerpt(run)}. It is over when its program ends. "
                + $"This report was only noted in the run's decisions ({ToolNames.GetRun}). A success can be taken back (failed, "
                + "needs_input); a failure cannot become one: a person who reads the note can start the work again.";

    // Of a run that has ended: its agent may have meant to report something else.
    private static string Reported(Run run) =>
        run.ReportedOutcome switch
        {
            null => "",
            RunState.NeedsInput => $" It was reported as needs_input ({Excerpt(run)}) and waits for answers: when a person has given them "
                + $"({ToolNames.AnswerRun}), it goes on, a hand-off with {ToolNames.ClaimRun}.",
            var first => $" It was reported as {first.Value.Name()}: {Excerpt(run)}.",
        };

    /// <summary>What is recorded of a report that was refused for one before it, for whoever reads the run.</summary>
    public static string Refused(RunReport report) => $"a second report was refused: {report.Outcome.Name()} '{Head(report.Summary)}'";

    private static string Excerpt(Run run) => $"'{Head(run.Summary ?? "")}'";

    private static string Head(string summary) => $"{TextCut.Head(summary, MaxSummary)}{(summary.Length > MaxSummary ? "…" : "")}";

    private static string? RefuseOfProgram(Run run, RunCaller caller, string? shown) =>
        run.State == RunState.Queued
            ? $"Run {run.Id} is queued: its agent '{run.Agent}' is started by itself and reports it then. "
                + $"{ToolNames.GetRun} shows how it goes."
        : run.Lease is { } lease
            ? LeaseTokens.Matches(lease.Token, shown) ? null
                : ForItsAgentAlone(run, caller)
        // Begun by version 0.1.0, which gave its agent an id and no token.
        : caller.RunId == run.Id ? null
        : ForItsAgentAlone(run, caller);

    private static string ForItsAgentAlone(Run run, RunCaller caller) =>
        $"Run {run.Id} is done by the agent program '{run.Agent}', and only that program may report it: through the MCP server that it "
        + "was started with, or with "
        + $"'loop-orchestrator runs complete' in its own shell ({RunEnvironment.RunId} and {RunEnvironment.RunToken} in its environment "
        + $"tell it from others). {Kept} "
        + (
            caller.RunId is { } own && own != run.Id
                ? $"Your own run is {own}: leave run_id out to " + $"report that one."
                : $"Everybody else can look at it with {ToolNames.GetRun}, and end it with {ToolNames.CancelRun}."
        );

    private static string? RefuseOfHandOff(Run run, RunCaller caller, string? token, string? shown)
    {
        if (run.State == RunState.Queued)
        {
            return $"Run {run.Id} is queued and not yet anybody's. {Kept} Take it with {ToolNames.ClaimRun} first, then send the "
                + "report again with the lease_token of that answer.";
        }

        if (run.Lease is not { } lease)
        {
            // Handed out by version 0.1.0, which knew no holder of it.
            return token is null
                ? null
                : $"Run {run.Id} was not taken with {ToolNames.ClaimRun}, so it has no lease, and lease_token is not its "
                    + $"token. {Kept} Leave lease_token out and send it again.";
        }

        if (shown is not null)
        {
            return LeaseTokens.Matches(lease.Token, shown)
                ? null
                : $"lease_token is not the one of run {run.Id}. {Kept} Send it again "
                    + "with the one of the answer that gave you this run (claim_run, run_mode, or 'runs claim').";
        }

        return lease.Kind == LeaseKind.Client && lease.Owner is not null && lease.Owner == caller.Owner ? null
            : lease.Kind == LeaseKind.Client
                ? $"Run {run.Id} was taken by another client with {ToolNames.RunMode}. {Kept} From here it can be reported only with the "
                    + $"lease_token of that answer; when that client is gone, the run waits again and {ToolNames.ClaimRun} gives it to you."
            : $"Run {run.Id} was claimed. {Kept} Give the lease_token of that answer: it tells its holder from everybody else.";
    }

    // Somebody who had the run once: what he did may have been done again since.
    private static string? Late(Run run, string? shown, IReadOnlyList<RunAttempt> attempts)
    {
        if (
            shown is null
            || LeaseTokens.Matches(run.Lease?.Token, shown)
            || attempts.FirstOrDefault(attempt => LeaseTokens.Matches(attempt.LeaseToken, shown)) is not { EndedAt: { } ended } mine
        )
        {
            return null;
        }

        var since =
            run.State != RunState.Queued
                ? $"Somebody else works on it since {Moment(run.AttemptStartedAt!.Value)} (attempt "
                    + $"{run.Attempt}); look at what that attempt does ({ToolNames.GetRun}) before you change anything more."
            : run.Kind == RunKind.Handoff
                ? $"It waits to be claimed again: {ToolNames.ClaimRun} with this run_id gives it back to you when "
                    + "nobody was faster; send the report again with the lease_token of that answer."
            : "It waits for its next attempt.";
        return $"The report came too late and changed nothing: your lease on run {run.Id} (attempt {mine.Number}) ended at "
            + $"{Moment(ended)}: {mine.Reason}. {since}";
    }

    private static string Moment(DateTimeOffset moment) => $"{moment.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
}
