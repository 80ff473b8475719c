using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Acknowledgements;

/// <summary>
/// What somebody has seen by one acknowledgement: the runs of one schedule that ended in one way, or one run. So there are never more of
/// them than there are schedules and runs of some days. Pure.
/// </summary>
public static class AcknowledgementSubject
{
    /// <summary>Everything that succeeded.</summary>
    public const string AllDone = "done *";

    /// <summary>The longest one that is taken from a caller.</summary>
    public const int MaxLength = 300;

    /// <summary>For how long they are kept.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(30);

    private const string Done = "done ";
    private const string Failed = "failed ";

    /// <summary>The subject of a run that has ended.</summary>
    public static string Of(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        return (run.State == RunState.Succeeded ? Done : Failed)
            + (run.ScheduleId is { } schedule ? $"schedule:{schedule}" : $"run:{run.Id}");
    }

    /// <summary>Whether a text is one.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: > 0 and <= MaxLength }
        && (text.StartsWith(Done, StringComparison.Ordinal) || text.StartsWith(Failed, StringComparison.Ordinal));

    /// <summary>Whether a run that has ended has been seen.</summary>
    /// <param name="run">The run.</param>
    /// <param name="seen">Up to when each subject has been seen.</param>
    internal static bool IsSeen(Run run, IReadOnlyDictionary<string, DateTimeOffset> seen) =>
        Until(seen, Of(run)) >= run.EndedAt || (run.State == RunState.Succeeded && Until(seen, AllDone) >= run.EndedAt);

    private static DateTimeOffset? Until(IReadOnlyDictionary<string, DateTimeOffset> seen, string subject) =>
        seen.TryGetValue(subject, out var until) ? until : null;
}
