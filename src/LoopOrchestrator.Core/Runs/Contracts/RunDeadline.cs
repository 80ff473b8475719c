using System.Globalization;

namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>When a run is close to its time limit, and what is said then. Pure.</summary>
internal static class RunDeadline
{
    private const int WarningPercent = 80;

    /// <summary>How much of a limit of so many seconds is left when the warning is due.</summary>
    public static TimeSpan LeftAtWarning(double limitSeconds) =>
        TimeSpan.FromMilliseconds(Math.Round(limitSeconds * 10 * (100 - WarningPercent)));

    /// <summary>When the warning about a run is due; <see langword="null"/> before its start.</summary>
    public static DateTimeOffset? WarningAt(Run run) => run.DeadlineAt - LeftAtWarning(run.TimeoutSeconds);

    /// <summary>What is recorded about the run then.</summary>
    public static string Warning(Run run) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"warning: {(run.Attempt > 1 ? $"attempt {run.Attempt}" : "it")} has used {WarningPercent} % of its time "
                + $"limit of {run.TimeoutSeconds} s and is ended when it reaches it"
        );
}
