namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>A set of local weekdays: Roo Scheduler's <c>selectedDays</c>. Bit n is <see cref="DayOfWeek"/> n.</summary>
[Flags]
public enum WeekDays
{
    /// <summary>No day named, which constrains nothing.</summary>
    None = 0,

    /// <summary><c>sun</c></summary>
    Sunday = 1,

    /// <summary><c>mon</c></summary>
    Monday = 2,

    /// <summary><c>tue</c></summary>
    Tuesday = 4,

    /// <summary><c>wed</c></summary>
    Wednesday = 8,

    /// <summary><c>thu</c></summary>
    Thursday = 16,

    /// <summary><c>fri</c></summary>
    Friday = 32,

    /// <summary><c>sat</c></summary>
    Saturday = 64,

    /// <summary>Every day, which constrains nothing either.</summary>
    All = 127,
}
