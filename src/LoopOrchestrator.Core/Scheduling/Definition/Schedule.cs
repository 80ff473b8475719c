using LoopOrchestrator.Core.Scheduling.Calendar;

namespace LoopOrchestrator.Core.Scheduling.Definition;

/// <summary>
/// One entry of <c>schedules.json</c>, understood. Its field names and meanings are Roo Scheduler's, and ours where marked "ours".
/// Immutable. Equality compares <see cref="OnlyIf"/> by reference, so two readings of one file may differ by it.
/// </summary>
public sealed record Schedule
{
    /// <summary>The number of late occurrences that <see cref="MisfirePolicy.All"/> makes up for when the file names none.</summary>
    public const int DefaultMisfireLimit = 10;

    /// <summary>Unique in its file; compared by code unit.</summary>
    public required string Id { get; init; }

    /// <summary>For people; the id when the file has none.</summary>
    public required string Name { get; init; }

    /// <summary>The mode's slug; <c>code</c> when the file has none. It need not exist.</summary>
    public required string Mode { get; init; }

    /// <summary>The zone in which dates, hours and weekdays are meant. Ours: <c>timeZone</c>; else the machine's.</summary>
    public required TimeZoneInfo TimeZone { get; init; }

    /// <summary>Roo's cached display name of the mode.</summary>
    public string? ModeDisplayName { get; init; }

    /// <summary>The task; may be empty where mode or workflow say enough.</summary>
    public string TaskInstructions { get; init; } = "";

    /// <summary>
    /// The distance of occurrences; <see langword="null"/> when the file has none or <see cref="Cron"/> stands in its place.
    /// </summary>
    public ScheduleInterval? Interval { get; init; }

    /// <summary>Ours: occurrences by cron expression. Goes before <see cref="Interval"/>.</summary>
    public CronRule? Cron { get; init; }

    /// <summary>The local weekdays on which it may fire; none and all mean that every day is fine.</summary>
    public WeekDays SelectedDays { get; init; }

    /// <summary>The local date of the first occurrence and, for an interval, where its grid is anchored.</summary>
    public DateOnly? StartDate { get; init; }

    /// <summary>0 to 23. With a date the hour of the start (0 when absent); without one the hour that the grid goes through.</summary>
    public int? StartHour { get; init; }

    /// <summary>
    /// 0 to 59; 0 when absent. Roo's form writes it always, so without date and hour it decides nothing but where a day constraint moves an
    /// occurrence to.
    /// </summary>
    public int? StartMinute { get; init; }

    /// <summary>The last moment at which it may fire, as an instant; <see langword="null"/> for never ending.</summary>
    public DateTimeOffset? Expiration { get; init; }

    /// <summary>Skip when nothing happened in the workspace since the last run.</summary>
    public bool RequireActivity { get; init; }

    /// <summary>Whether it fires by itself; <see langword="true"/> when the file does not say.</summary>
    public bool Active { get; init; } = true;

    /// <summary>What an occurrence does that meets running work.</summary>
    public TaskInteraction TaskInteraction { get; init; }

    /// <summary>
    /// The silence after which <see cref="TaskInteraction.Wait"/> ends the running work; one minute when the file does not say.
    /// </summary>
    public TimeSpan InactivityDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>When Roo Scheduler last started it, from the file. Counts only where the ledger knows nothing.</summary>
    public DateTimeOffset? LastExecutionTime { get; init; }

    /// <summary>
    /// Ours: the workflow of which each occurrence starts a cycle; <see langword="null"/> for a single run of <see cref="Mode"/>.
    /// </summary>
    public string? Workflow { get; init; }

    /// <summary>Ours: what becomes of missed occurrences.</summary>
    public MisfirePolicy Misfire { get; init; }

    /// <summary>Ours, <c>misfireLimit</c>: how many <see cref="MisfirePolicy.All"/> makes up for at most, 1 to 1,000.</summary>
    public int MisfireLimit { get; init; } = DefaultMisfireLimit;

    /// <summary>Ours: an occurrence later than this is missed and not made up for; <see langword="null"/> for no limit.</summary>
    public TimeSpan? MaxLateness { get; init; }

    /// <summary>Ours: how far an occurrence may be put off by chance. Not applied by <see cref="NextOccurrence"/>.</summary>
    public TimeSpan? Jitter { get; init; }

    /// <summary>Ours, <c>timeoutSeconds</c>: the deadline of one run, 1 to 86,400 seconds.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>Ours: a command, program first, whose non-zero exit skips the occurrence. Never passed through a shell.</summary>
    public IReadOnlyList<string>? OnlyIf { get; init; }

    /// <summary>Ours: the item of the plan that each occurrence works on, by its id or its text; <see langword="null"/> for none.</summary>
    public string? Todo { get; init; }

    /// <summary>
    /// Ours, <c>timeoutExemption</c>: why work on <see cref="Todo"/> may have more than 3,600 s; without it <see cref="Timeout"/> is no
    /// longer than that.
    /// </summary>
    public string? TimeoutExemption { get; init; }

    /// <summary>Whether <see cref="SelectedDays"/> leaves a day out.</summary>
    internal bool HasDayConstraint => SelectedDays is not WeekDays.None && (SelectedDays & WeekDays.All) is not WeekDays.All;

    /// <summary>The wall-clock time of the start, and where a day constraint moves an occurrence to.</summary>
    internal TimeSpan StartTime => new(StartHour ?? 0, StartMinute ?? 0, 0);

    /// <summary>Whether a weekday is one of the selected.</summary>
    internal bool Selects(DayOfWeek day) => !HasDayConstraint || ((int)SelectedDays >> (int)day & 1) == 1;
}
