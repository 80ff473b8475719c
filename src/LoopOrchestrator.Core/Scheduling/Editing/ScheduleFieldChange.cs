using LoopOrchestrator.Core.Scheduling.Calendar;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>One field of an entry and what it is to say; with no value at all it is taken out.</summary>
/// <param name="Key">The field's name in the file.</param>
internal sealed record ScheduleFieldChange(string Key)
{
    /// <summary>A text.</summary>
    public string? Text { get; init; }

    /// <summary>A whole number; in quotes where the file has it so, or where Roo Scheduler writes it so.</summary>
    public int? Number { get; init; }

    /// <summary>The digits that a number in quotes has at least.</summary>
    public int Digits { get; init; } = 1;

    /// <summary>Whether a number that is not in the file yet is written without quotes: Roo Scheduler's own are written with.</summary>
    public bool IsBare { get; init; }

    /// <summary>True or false.</summary>
    public bool? Flag { get; init; }

    /// <summary>Weekdays, by their short names.</summary>
    public WeekDays? Days { get; init; }
}
