using System.Globalization;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Runs;

namespace LoopOrchestrator.Core.Agents.Events;

/// <summary>What an agent's own events say of its run. Pure; no other prose decides than the prefixes that stand in a preset's row.</summary>
/// <param name="Failure">What failed; <see langword="null"/> for a success.</param>
/// <param name="Reason">In words; the exit code is named beside it by the caller.</param>
internal sealed record AgentVerdict(RunFailure? Failure, string Reason)
{
    private const int Unauthorized = 401;
    private const int Forbidden = 403;

    /// <summary>Judges a program that ended by itself, or after its result.</summary>
    /// <param name="rules">The preset's row.</param>
    /// <param name="account">What its events told.</param>
    /// <param name="exitCode">Its exit code, where there is one.</param>
    /// <returns><see langword="null"/> when its events decide nothing, and so the exit code does.</returns>
    public static AgentVerdict? Of(ResultRules rules, AgentAccount account, int? exitCode)
    {
        if (account.Result is not { } result)
        {
            return WithoutResult(rules, account, exitCode);
        }

        if (result.IsRefusal)
        {
            return new AgentVerdict(RunFailure.Refused, "the model refused the task; the same task would be refused again");
        }

        if (result.IsError)
        {
            return OfStatus(account.FaultStatus ?? result.Status) ?? new AgentVerdict(RunFailure.Work, $"its result says that it failed{Named(result.Subtype)}");
        }

        if (rules.ErrorPrefixes.FirstOrDefault(prefix => result.Text?.StartsWith(prefix, StringComparison.Ordinal) == true) is { } error)
        {
            return OfStatus(StatusBehind(result.Text!, error)) ?? new AgentVerdict(RunFailure.Work, "its result is an error of the model's service");
        }

        return HasDoneNothing(account)
            ? new AgentVerdict(RunFailure.Work, "it did nothing: no turn, no message, no tool and no token")
            : new AgentVerdict(null, "its result says that it succeeded");
    }

    private static AgentVerdict? WithoutResult(ResultRules rules, AgentAccount account, int? exitCode)
    {
        if (account.Fault is { } fault)
        {
            return OfStatus(account.FaultStatus) ?? new AgentVerdict(RunFailure.Work, $"the last that it told was an error: {fault}");
        }

        if (rules.AlwaysSendsResult)
        {
            return new AgentVerdict(RunFailure.Work, "it ended without its result, which it always sends");
        }

        return exitCode is null or 0 && HasDoneNothing(account)
            ? new AgentVerdict(RunFailure.Work, "it did nothing: no message, no tool and no token")
            : null;
    }

    private static AgentVerdict? OfStatus(int? status) => status is Unauthorized or Forbidden
        ? new AgentVerdict(RunFailure.SignIn, $"the model's service refused its key (HTTP {status}): sign in again, or correct the key")
        : null;

    private static bool HasDoneNothing(AgentAccount account) =>
        !account.HasWorked && string.IsNullOrWhiteSpace(account.Message) && account.Result?.Turns is null or 0 && account.Tokens?.Output is null or 0;

    // "[API Error: 401 invalid key]": the number is the service's, the words are not looked at.
    private static int? StatusBehind(string text, string prefix)
    {
        var rest = text.AsSpan(prefix.Length).TrimStart(": ");
        return rest.Length >= 3 && int.TryParse(rest[..3], NumberStyles.None, CultureInfo.InvariantCulture, out var status) ? status : null;
    }

    private static string Named(string? subtype) => subtype is { Length: > 0 } ? $" ({subtype.Replace('_', ' ')})" : "";
}
