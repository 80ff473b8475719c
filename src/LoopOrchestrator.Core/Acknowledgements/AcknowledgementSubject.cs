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

    /// <summary>How the subject of what succeeded begins; <see cref="OfSchedule"/> or <see cref="OfRun"/> and an id follow.</summary>
    internal const string Done = "done ";

    /// <summary>The same of what failed.</summary>
    internal const string Failed = "failed ";

    /// <summary>The runs of a schedule.</summary>
    internal const string OfSchedule = "schedule:";

    /// <summary>One run that no schedule asked for.</summary>
    internal const string OfRun = "run:";

    /// <summary>
    /// What a run belongs to, with which it is seen; <see langword="null"/> for one that has not ended so that a person is to look at it,
    /// and for a part of other work.
    /// </summary>
    public static string? Of(Run run)
    {
        ArgumentNullException.ThrowIfNull(run);
        var kind = run switch
        {
            { ParentRunId: not null } => null,
            { State: RunState.Succeeded } => Done,
            { State: RunState.Failed or RunState.TimedOut or RunState.Interrupted } => Failed,
            _ => null,
        };
        return kind is null ? null : kind + (run.ScheduleId is { } schedule ? OfSchedule + schedule : OfRun + run.Id);
    }

    /// <summary>Whether a text is one.</summary>
    public static bool IsWellFormed(string? text) =>
        text is { Length: > 0 and <= MaxLength }
        && (text.StartsWith(Done, StringComparison.Ordinal) || text.StartsWith(Failed, StringComparison.Ordinal));

    /// <summary>The id of the run that a subject is; <see langword="null"/> for any other.</summary>
    internal static string? RunOf(string subject) => Behind(subject, OfRun);

    /// <summary>The id of the schedule whose runs a subject is; <see langword="null"/> for any other.</summary>
    internal static string? ScheduleOf(string subject) => Behind(subject, OfSchedule);

    private static string? Behind(string subject, string kind)
    {
        var name = subject[(subject.IndexOf(' ', StringComparison.Ordinal) + 1)..];
        return name.StartsWith(kind, StringComparison.Ordinal) ? name[kind.Length..] : null;
    }
}
