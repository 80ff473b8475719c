using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Agents.Results;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Which state a run ends in: what its agent reported stands, unless somebody cancelled it; else how its program ended. Pure.
/// </summary>
internal static class RunOutcomeRules
{
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

    // Only of a program that ended by itself or after its result: what was ended by a limit is judged by that.
    private static AgentVerdict? Verdict(SupervisorOutcome outcome) =>
        outcome is { End: SupervisorEnd.Exited or SupervisorEnd.EndedAfterResult, Account: { Preset: { } name } account }
        && AgentPresets.Find(name) is { } preset
            ? AgentVerdict.Of(preset.Results, account, outcome.ExitCode)
            : null;

    // The end of the output of a program that prints events is JSON, which says nothing to a person.
    private static string? Summary(SupervisorOutcome outcome) =>
        outcome.Account?.Message ?? (outcome.OutputTail.Length > 0 && outcome.Account?.Preset is null ? outcome.OutputTail : null);

    private static (RunState State, string Reason) ByProgram(SupervisorOutcome outcome, AgentVerdict? verdict) =>
        outcome.End switch
        {
            SupervisorEnd.NotStarted or SupervisorEnd.Shortage => (RunState.Failed, outcome.Reason),
            SupervisorEnd.OverBudget => (RunState.Failed, outcome.Reason),
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

    // Only what the program itself tells in structured form makes it a usage limit; prose never does.
    private static RunFailure FailureOf(SupervisorOutcome outcome, AgentVerdict? verdict) =>
        outcome.End switch
        {
            SupervisorEnd.NotStarted => RunFailure.Configuration,
            SupervisorEnd.Shortage => RunFailure.Recording,
            SupervisorEnd.OverBudget => RunFailure.Budget,
            _ => outcome.Account?.UsageLimit is not null ? RunFailure.UsageLimit : verdict?.Failure ?? RunFailure.Work,
        };
}
