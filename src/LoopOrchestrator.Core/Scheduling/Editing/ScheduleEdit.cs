using LoopOrchestrator.Core.Requests;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>
/// What a schedule is to be. What is <see langword="null"/> stays as it is; an empty text takes a field back to what it is without one.
/// There is no <c>onlyIf</c> here: a command comes from the file that its user edits, never from a caller.
/// </summary>
public sealed record ScheduleEdit
{
    /// <summary>
    /// The schedule to change, or the id of a new one; a new one without gets the moment as its id, as Roo Scheduler does.
    /// </summary>
    public string? Id { get; init; }

    /// <summary>Its name. A new schedule needs one.</summary>
    public string? Name { get; init; }

    /// <summary>Its mode's slug; <c>code</c> for a new schedule without.</summary>
    public string? Mode { get; init; }

    /// <summary>Its task. A new schedule needs one.</summary>
    public string? Task { get; init; }

    /// <summary>Such as <c>10 minutes</c>, <c>1 hour</c>, <c>2 days</c>.</summary>
    public string? Interval { get; init; }

    /// <summary>A cron expression in the place of the interval.</summary>
    public string? Cron { get; init; }

    /// <summary>An IANA zone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Weekdays as <c>mon</c> or <c>Monday</c>; an empty list for every day.</summary>
    public IReadOnlyList<string>? Days { get; init; }

    /// <summary><c>YYYY-MM-DD</c>, <c>HH:mm</c> or both.</summary>
    public string? Start { get; init; }

    /// <summary><c>YYYY-MM-DD</c> (the end of that day) or <c>YYYY-MM-DD HH:mm</c>.</summary>
    public string? Expires { get; init; }

    /// <summary>Whether it fires by itself.</summary>
    public bool? Active { get; init; }

    /// <summary><c>taskInteraction</c>: <c>wait</c>, <c>skip</c> or <c>interrupt</c>.</summary>
    public string? Overlap { get; init; }

    /// <summary><c>once</c>, <c>skip</c> or <c>all</c>.</summary>
    public string? Misfire { get; init; }

    /// <summary>A duration: minutes, <c>h:mm:ss</c> or ISO 8601.</summary>
    public string? MaxLateness { get; init; }

    /// <summary>A duration, as above.</summary>
    public string? Jitter { get; init; }

    /// <summary>The deadline of one run, 1 to 86,400.</summary>
    public int? TimeoutSeconds { get; init; }

    /// <summary>The key of a call that saves it; <see langword="null"/> without a request id.</summary>
    internal RequestKey? Key(string? requestId) =>
        RequestKey.Of(
            "save_schedule",
            requestId,
            ("schedule_id", Id),
            ("name", Name),
            ("mode", Mode),
            ("task", Task),
            ("interval", Interval),
            ("cron", Cron),
            ("time_zone", TimeZone),
            ("days", Days),
            ("start", Start),
            ("expires", Expires),
            ("active", Active),
            ("overlap", Overlap),
            ("misfire", Misfire),
            ("max_lateness", MaxLateness),
            ("jitter", Jitter),
            ("timeout_seconds", TimeoutSeconds)
        );

    /// <summary>Days as a person writes them in one text, with commas or spaces between.</summary>
    public static IReadOnlyList<string>? SplitDays(string? days) => days?.Split((char[])[',', ' '], StringSplitOptions.RemoveEmptyEntries);
}
