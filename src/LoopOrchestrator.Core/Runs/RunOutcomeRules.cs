using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Results;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Which state a run ends in: what its agent reported stands, unless somebody cancelled it; else how its program ended. Pure.
/// </summary>
internal static class RunOutcomeRules
{
    private const int MaxQuotedLength = 300;

    /// <summary>Judges a run by what its supervisor left.</summary>
    public static RunEnd Judge(Run run, SupervisorOutcome outcome)
    {
        // A command has no token and reports nothing; a report that stands there all the same was written past us.
        if (run.AgentKind == AgentKind.Command)
        {
            run = run with { ReportedOutcome = null };
        }

        var verdict = Verdict(outcome);
        var (state, reason) =
            outcome.End == SupervisorEnd.Cancelled ? (RunState.Cancelled, outcome.Reason)
            : run.ReportedOutcome is { } reported ? (reported, $"reported by its agent; {outcome.Reason}")
            : ByProgram(outcome, verdict);
        if (state is not (RunState.Succeeded or RunState.Cancelled) && run.AgentKind == AgentKind.Cli)
        {
            reason += MoreOf(outcome, reason);
        }

        if (outcome.DroppedBytes > 0)
        {
            reason += $"; {outcome.DroppedBytes} bytes of output beyond the limit were dropped";
        }

        if (outcome.EndedProcesses > 0 && outcome.End == SupervisorEnd.Exited)
        {
            reason += $"; {outcome.EndedProcesses} process(es) that it left behind were ended";
        }

        if (outcome.Account?.OpenTasks is > 0 and var tasks)
        {
            reason += $"; {tasks} of its background tasks had not ended and were cut off";
        }

        if (state != RunState.Succeeded && outcome.Account?.UsageLimit is { } limit)
        {
            reason += limit.ResetsAt is { } moment
                ? $"; its usage limit ({limit.Kind}) is reached until {moment.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"
                : $"; its usage limit ({limit.Kind}) is reached";
        }

        return new RunEnd(state, outcome.EndedAt, reason)
        {
            Attempt = run.Attempt,
            AgentDigest = outcome.AgentDigest,
            Failure = run.ReportedOutcome is null ? FailureOf(outcome, verdict) : RunFailure.Work,
            Summary = run.ReportedOutcome is null ? Summary(outcome) : null,
            ExitCode = outcome.ExitCode,
            CostUsd = outcome.Account?.CostUsd,
            Tokens = outcome.Account?.Tokens,
            SessionId = outcome.Account?.SessionId,
            UsageLimit = state == RunState.Succeeded ? null : outcome.Account?.UsageLimit,
            DeniedPermissions = outcome.Account?.DeniedPermissions ?? [],
        };
    }

    /// <summary>
    /// Whether processes of a run were ended in the middle of something. Where all ended by themselves so did the git commands among them,
    /// and what is locked in its repository is somebody else's.
    /// </summary>
    public static bool WasCutOff(SupervisorOutcome outcome) =>
        outcome.EndedProcesses > 0 || outcome.End is SupervisorEnd.TimedOut or SupervisorEnd.Cancelled;

    // Only of a program that ended by itself or after its result: what was ended by a limit is judged by that.
    private static AgentVerdict? Verdict(SupervisorOutcome outcome) =>
        outcome is { End: SupervisorEnd.Exited or SupervisorEnd.EndedAfterResult, Account: { Preset: { } name } account }
        && AgentPresets.Find(name) is { } preset
            ? AgentVerdict.Of(preset.Results, account, outcome.ExitCode)
            : null;

    // What a person needs to see why: the error that it told last, and what it said where nobody reads.
    private static string MoreOf(SupervisorOutcome outcome, string reason)
    {
        var more = "";
        if (
            AgentPresets.Find(outcome.Account?.Preset) is { } preset
            && AgentVerdict.HttpStatusOf(preset.Results, outcome.ExitCode) is { } status
        )
        {
            more += $" (HTTP status {status} of the model's service)";
        }

        if (outcome.Account is { Fault: { } fault, Result: null } && !reason.Contains(fault, StringComparison.Ordinal))
        {
            more += $"; the last error that it told of: {Line(fault)}";
        }

        if (outcome.ErrorLine is { } line && outcome.ExitCode != 0 && !reason.Contains(line, StringComparison.Ordinal))
        {
            more += $"; the last line of its standard error: {Line(line)}";
        }

        return more;
    }

    private static string Line(string text) => TextCut.Head(text.ReplaceLineEndings(" "), MaxQuotedLength).ToString();

    // The end of the output of a program that prints events is JSON, which says nothing to a person.
    private static string? Summary(SupervisorOutcome outcome) =>
        outcome.Account?.Message ?? (outcome.OutputTail.Length > 0 && outcome.Account?.Preset is null ? outcome.OutputTail : null);

    private static (RunState State, string Reason) ByProgram(SupervisorOutcome outcome, AgentVerdict? verdict) =>
        outcome.End switch
        {
            SupervisorEnd.NotStarted or SupervisorEnd.Shortage => (RunState.Failed, outcome.Reason),
            SupervisorEnd.OverBudget or SupervisorEnd.NoService => (RunState.Failed, outcome.Reason),
            SupervisorEnd.TimedOut => (RunState.TimedOut, outcome.Reason),
            SupervisorEnd.Interrupted => (RunState.Interrupted, outcome.Reason),
            _ when verdict is { Failure: not null } => (RunState.Failed, $"{verdict.Reason}; {outcome.Reason}"),
            _ when verdict is not null && outcome.ExitCode is not (null or 0) => (
                RunState.Succeeded,
                $"{verdict.Reason}; afterwards {outcome.Reason}"
            ),
            _ when verdict is not null => (RunState.Succeeded, outcome.Reason),
            _ when outcome.Account?.Result is { IsError: true } => (RunState.Failed, $"its result says that it failed; {outcome.Reason}"),
            _ when outcome.ExitCode is null or 0 => (RunState.Succeeded, outcome.Reason),
            _ => (RunState.Failed, outcome.Reason),
        };

    private static AgentVerdict? ServiceOf(SupervisorOutcome outcome) =>
        outcome.Account is { } account && AgentPresets.Find(account.Preset) is { } preset
            ? AgentVerdict.OfService(preset.Results, account)
            : null;

    // Only what the program itself tells in structured form, or in words that stand in its preset's row, makes it a usage limit.
    private static RunFailure FailureOf(SupervisorOutcome outcome, AgentVerdict? verdict) =>
        outcome.End switch
        {
            SupervisorEnd.NotStarted => RunFailure.Configuration,
            SupervisorEnd.Shortage => RunFailure.Recording,
            SupervisorEnd.OverBudget => RunFailure.Budget,
            SupervisorEnd.NoService => ServiceOf(outcome)?.Failure ?? RunFailure.Service,
            _ => outcome.Account?.UsageLimit is not null ? RunFailure.UsageLimit : verdict?.Failure ?? RunFailure.Work,
        };
}
