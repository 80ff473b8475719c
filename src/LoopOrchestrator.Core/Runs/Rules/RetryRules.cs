using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Rules;

/// <summary>Whether a run whose attempt ended is tried again, and when. Pure.</summary>
internal static class RetryRules
{
    /// <summary>How long a usage limit is waited for whose end its agent did not tell.</summary>
    public static readonly TimeSpan UnknownReset = TimeSpan.FromMinutes(30);

    /// <summary>The longest pause between two attempts.</summary>
    public static readonly TimeSpan MaxPause = TimeSpan.FromHours(1);

    /// <summary>How long a run waits that could not be started, the first time; each further time twice as long.</summary>
    public static readonly TimeSpan ShortagePause = TimeSpan.FromSeconds(5);

    /// <summary>The longest such wait.</summary>
    public static readonly TimeSpan MaxShortagePause = TimeSpan.FromMinutes(5);

    /// <summary>
    /// How many lost holders of a hand-off do not count. A client that ends is no failure of the work, but one that always ends must not be
    /// given it for ever.
    /// </summary>
    public const int MaxFreeLosses = 3;

    // A reset beyond this is no reset of a usage limit, but a mistake.
    private static readonly TimeSpan FurthestReset = TimeSpan.FromDays(31);

    /// <summary>Decides.</summary>
    /// <param name="run">The run as it stood during the attempt.</param>
    /// <param name="end">How the attempt ended.</param>
    /// <param name="limits">The limits in force.</param>
    /// <param name="chance">A number from 0 to 1, for the jitter.</param>
    /// <returns>How it goes on, or <see langword="null"/> when the run ends.</returns>
    public static Retry? Decide(Run run, RunEnd end, RunLimits limits, double chance)
    {
        if (end.State != RunState.Failed || run.CancelReason is not null)
        {
            return null;
        }

        var isLast = run.Tries + 1 >= limits.MaxAttempts;
        return end.Failure switch
        {
            RunFailure.UsageLimit => UntilReset(end),
            RunFailure.Recording => AfterShortage(run, end),
            RunFailure.Lease when run.LostLeases < MaxFreeLosses => new Retry(
                null,
                CountsAsTry: false,
                $"it waits to be claimed again; "
                    + $"this does not count as an attempt that failed ({run.LostLeases + 1} of {MaxFreeLosses} times)"
            ),
            RunFailure.Lease when !isLast => new Retry(null, CountsAsTry: true, $"it waits to be claimed again ({Left(run, limits)})"),
            // Who works on a hand-off and calls it failed has decided; nobody else is set to the same work unasked. A cycle has tried what
            // its workflow says.
            RunFailure.Work when !isLast && run.Kind == RunKind.Agent => AfterPause(run, end, limits, chance),
            _ => null,
        };
    }

    private static Retry UntilReset(RunEnd end)
    {
        var told = end.UsageLimit?.ResetsAt is { } reset && reset - end.EndedAt < FurthestReset ? reset : (DateTimeOffset?)null;
        var earliest = end.EndedAt + TimeSpan.FromMinutes(1);
        var until = told ?? end.EndedAt + UnknownReset;
        until = until < earliest ? earliest : until;
        return new Retry(
            until,
            CountsAsTry: false,
            $"it goes on at {Moment(until)}, "
                + $"{(told is null ? "because its agent did not say when the limit ends" : "when the limit ends")}; this "
                + "does not count as an attempt that failed"
        );
    }

    // A shortage (files, processes, room on the disk) passes by itself or when a person frees something; nothing of the work was begun.
    private static Retry AfterShortage(Run run, RunEnd end)
    {
        var seconds = Math.Min(ShortagePause.TotalSeconds * Math.Pow(2, Math.Clamp(run.Attempt - 1, 0, 10)), MaxShortagePause.TotalSeconds);
        return new Retry(
            end.EndedAt.AddSeconds(seconds),
            CountsAsTry: false,
            $"it waits for {seconds:0} s and is then started again; nothing was begun, so this does not count as a failure"
        );
    }

    private static Retry AfterPause(Run run, RunEnd end, RunLimits limits, double chance)
    {
        var seconds = limits.RetryBaseSeconds * Math.Pow(2, run.Tries) * (1 + (chance / 4));
        var pause = TimeSpan.FromSeconds(Math.Min(seconds, MaxPause.TotalSeconds));
        return new Retry(
            end.EndedAt + pause,
            CountsAsTry: true,
            $"it is tried again after {pause.TotalSeconds:0.#} s ({Left(run, limits)})"
        );
    }

    private static string Left(Run run, RunLimits limits) => $"attempt {run.Tries + 2} of {limits.MaxAttempts}";

    private static string Moment(DateTimeOffset moment) => $"{moment.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
}
