using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Events;
using LoopOrchestrator.Core.Agents.Presets;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Agents.Results;

/// <summary>
/// What an agent's own events say of its run. Pure; no other prose decides than the prefixes that stand in a preset's row.
/// </summary>
/// <param name="Failure">What failed; <see langword="null"/> for a success.</param>
/// <param name="Reason">In words; the exit code is named beside it by the caller.</param>
internal sealed record AgentVerdict(RunFailure? Failure, string Reason)
{
    private const int MaxQuotedLength = 200;
    private const int Unauthorized = 401;
    private const int ExitCodes = 256;
    private const int FirstErrorStatus = 400;
    private const int PaymentRequired = 402;
    private const int Forbidden = 403;
    private const int NotFound = 404;

    private static readonly AgentVerdict SignedOut = new(
        RunFailure.SignIn,
        "it is not signed in, or its key was refused: sign in again, or correct the key"
    );

    /// <summary>Judges a program that ended by itself, or after its result.</summary>
    /// <param name="rules">The preset's row.</param>
    /// <param name="account">What its events told.</param>
    /// <param name="exitCode">Its exit code, where it ended by itself.</param>
    /// <returns><see langword="null"/> when its events decide nothing, and so the exit code does.</returns>
    public static AgentVerdict? Of(ResultRules rules, AgentAccount account, int? exitCode)
    {
        if (exitCode is null && account.OpenTasks > 0)
        {
            return new AgentVerdict(RunFailure.Work, "it was told to end while tasks of it went on in the background");
        }

        if (account.Result is not { } result)
        {
            return WithoutResult(rules, account, exitCode);
        }

        if (account.IsUnfinished)
        {
            return OfKey(rules, account, account.Fault, status: null)
                ?? new AgentVerdict(RunFailure.Work, "it went on after its result and ended before it gave another one");
        }

        if (result.IsRefusal)
        {
            return new AgentVerdict(RunFailure.Refused, "the model refused the task; the same task would be refused again");
        }

        if (result.IsError)
        {
            return OfKey(rules, account, result.Text, result.Status)
                ?? new AgentVerdict(RunFailure.Work, $"its result says that it failed{Named(result.Subtype)}");
        }

        if (rules.ErrorPrefixes.Any(prefix => result.Text?.StartsWith(prefix, StringComparison.Ordinal) == true))
        {
            return OfKey(rules, account, result.Text, result.Status)
                ?? new AgentVerdict(RunFailure.Work, "its result is an error of the model's service");
        }

        if (result.Doubt is { } doubt)
        {
            return new AgentVerdict(RunFailure.Work, $"its result cannot be read as a success: {doubt}");
        }

        return HasDoneNothing(account)
            ? new AgentVerdict(RunFailure.Work, "it did nothing: no turn, no message, no tool and no token")
            : new AgentVerdict(null, "its result says that it succeeded");
    }

    /// <summary>What its last error says of the model's service itself; <see langword="null"/> for any other error, and for none.</summary>
    /// <param name="rules">The preset's row.</param>
    /// <param name="account">What its events told.</param>
    public static AgentVerdict? OfService(ResultRules rules, AgentAccount account) =>
        account.Fault is { } fault ? OfKey(rules, account, fault, status: null) : null;

    private static AgentVerdict? WithoutResult(ResultRules rules, AgentAccount account, int? exitCode)
    {
        if (account.Fault is { } fault)
        {
            return OfKey(rules, account, fault, status: null)
                ?? new AgentVerdict(RunFailure.Work, $"the last that it told was an error: {fault}");
        }

        if (exitCode is { } code && code == rules.SignInExitCode)
        {
            return SignedOut;
        }

        if (HttpStatusOf(rules, exitCode) is { } status && OfKey(rules, account, error: null, status) is { } ofExitCode)
        {
            return ofExitCode;
        }

        if (rules.AlwaysSendsResult)
        {
            return new AgentVerdict(RunFailure.Work, "it ended without its result, which it always sends");
        }

        if (account.IsUnfinished)
        {
            return new AgentVerdict(RunFailure.Work, "it ended in the middle of a step");
        }

        return exitCode is null or 0 && HasDoneNothing(account)
            ? new AgentVerdict(RunFailure.Work, "it did nothing: no message, no tool and no token")
            : null;
    }

    // By the most exact that tells it: a member with the status, the status behind a known begin, a member or a begin that says so.
    private static AgentVerdict? OfKey(ResultRules rules, AgentAccount account, string? error, int? status)
    {
        // A result without words stands for the error that came before it.
        error ??= account.Fault;
        status ??= StatusOf(rules, error) ?? account.FaultStatus;
        return status switch
        {
            Unauthorized or Forbidden => new AgentVerdict(
                RunFailure.SignIn,
                $"the model's service refused its key (HTTP {status}): sign in again, or correct the key"
            ),
            PaymentRequired => new AgentVerdict(
                RunFailure.Service,
                $"the model's service wants to be paid first (HTTP {status}): see to the account"
            ),
            NotFound => new AgentVerdict(
                RunFailure.Service,
                $"the model's service does not know what was asked of it (HTTP {status}): check the model's name and the service's address"
            ),
            _ when account.IsSignedOut || Begins(rules.SignInPrefixes, error) => SignedOut,
            null when (account.Fault == error && account.IsUnreachable) || Begins(rules.UnreachablePrefixes, error) => new AgentVerdict(
                RunFailure.Service,
                $"the model's service could not be reached ({Short(error)}): check its address and the network"
            ),
            _ => null,
        };
    }

    private static bool Begins(IReadOnlyList<string> prefixes, string? text) =>
        text is not null && prefixes.Any(prefix => text.StartsWith(prefix, StringComparison.Ordinal));

    private static string Short(string? text) => TextCut.Head((text ?? "no message").ReplaceLineEndings(" "), MaxQuotedLength).ToString();

    /// <summary>The HTTP status that an exit code stands for; <see langword="null"/> where it is an exit code like any other.</summary>
    /// <param name="rules">The preset's row.</param>
    /// <param name="exitCode">The exit code.</param>
    public static int? HttpStatusOf(ResultRules rules, int? exitCode) =>
        rules.ExitCodeIsHttpStatus && exitCode is >= FirstErrorStatus % ExitCodes and < ExitCodes ? exitCode + ExitCodes : null;

    private static int? StatusOf(ResultRules rules, string? text) =>
        text is not null && rules.ErrorPrefixes.FirstOrDefault(prefix => text.StartsWith(prefix, StringComparison.Ordinal)) is { } prefix
            ? ErrorStatus.Behind(text, prefix)
            : null;

    private static bool HasDoneNothing(AgentAccount account) =>
        !account.HasWorked
        && string.IsNullOrWhiteSpace(account.Message)
        && account.Result?.Turns is null or 0
        && account.Tokens?.Output is null or 0;

    private static string Named(string? subtype) => subtype is { Length: > 0 } ? $" ({subtype.Replace('_', ' ')})" : "";
}
