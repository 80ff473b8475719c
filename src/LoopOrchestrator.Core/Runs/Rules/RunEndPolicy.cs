using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Rules;

/// <summary>What the end of an attempt means for its run. Pure, when its chance is.</summary>
/// <param name="limits">The limits in force.</param>
/// <param name="channels">Who is told of an escalation.</param>
/// <param name="chance">Numbers from 0 to 1 for the jitter of pauses; those of the process when <see langword="null"/>.</param>
internal sealed class RunEndPolicy(RunLimits limits, IReadOnlyList<string> channels, Func<double>? chance = null)
{
    private readonly Func<double> _chance = chance ?? Random.Shared.NextDouble;

    /// <summary>What is said of the end of a run that is known from files alone.</summary>
    public const string Unverified = "not verified: known from files alone, after the state database was damaged";

    /// <summary>Who is told of an escalation.</summary>
    public IReadOnlyList<string> Channels => channels;

    /// <summary>How many failures of a step in a row escalate.</summary>
    public int FailuresToEscalate => limits.FailuresToEscalate;

    /// <summary>What runs may cost.</summary>
    public RunBudget Budget => limits.Budget;

    /// <summary>Decides.</summary>
    /// <param name="run">The run as it stands.</param>
    /// <param name="end">How its attempt ended.</param>
    /// <param name="whyPaused">Asked only where it matters: why its schedule is paused, or <see langword="null"/>.</param>
    /// <returns>What is to be recorded; <see langword="null"/> when the run, or this attempt of it, has ended already.</returns>
    public RunEndDecision? Decide(Run run, RunEnd end, Func<string?> whyPaused)
    {
        if (run.State.HasEnded() || IsLate(run, end))
        {
            return null;
        }

        if (run.IsUnverified)
        {
            end = end with { Reason = $"{end.Reason}; {Unverified}" };
        }

        if (end.Failure != RunFailure.Budget && FindOverrun(run, end) is { } overrun)
        {
            // Programs that tell of it only at their end cannot be ended for it; what they did stands, and whoever reads its end sees it.
            end = end with { Reason = $"{end.Reason}; {overrun}, told only at its end" };
        }

        var retry = run.State == RunState.Running ? RetryRules.Decide(run, end, limits, _chance()) : null;
        if (retry is not null && whyPaused() is { } paused)
        {
            // What is paused starts nothing, not even a second time.
            end = end with { Reason = $"{end.Reason}; it is not tried again, because its schedule is paused ({paused})" };
            retry = null;
        }

        var tries = run.Tries + (retry?.CountsAsTry ?? end.State == RunState.Failed ? 1 : 0);
        return new RunEndDecision(run.Attempt, end, retry, Math.Min(tries, limits.MaxAttempts));
    }

    private string? FindOverrun(Run run, RunEnd end) =>
        RunBudget.FindOverrun(
            end.CostUsd,
            run.CostLimitUsd ?? limits.Budget.CostPerRunUsd,
            end.Tokens?.Total,
            run.TokenLimit ?? limits.Budget.TokensPerRun
        );

    // Somebody looked at the run a moment ago, and decided by what it was then.
    private bool IsLate(Run run, RunEnd end) =>
        (end.Attempt is { } attempt && (attempt != run.Attempt || run.State != RunState.Running))
        || (
            end.Failure == RunFailure.Lease
            && (run.ReportedOutcome is not null || run.Lease is not { } lease || lease.Idle.TotalSeconds < limits.LeaseSeconds)
        );
}
