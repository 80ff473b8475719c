using System.Globalization;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Timing.Months;

/// <summary>A month in UTC, which is the zone that the time log is written and summed in.</summary>
/// <param name="Number">Months since the beginning of the calendar.</param>
internal readonly record struct Month(int Number)
{
    private const int InAYear = 12;

    // Clocks of several machines, and rows that come late, have had their say by then.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    private DateOnly FirstDay => new(Number / InAYear, (Number % InAYear) + 1, 1);

    /// <summary>The name of its file.</summary>
    public string FileName => WorkspacePaths.TimingMonthName(FirstDay);

    /// <summary>The month that a moment lies in.</summary>
    public static Month Of(DateTimeOffset moment) => Of(DateOnly.FromDateTime(moment.UtcDateTime));

    /// <summary>The month whose file has this name; <see langword="null"/> for any other name.</summary>
    public static Month? OfFile(string name) => WorkspacePaths.TimingMonthOf(name) is { } first ? Of(first) : null;

    /// <summary>Whether it has been over for a day.</summary>
    public bool IsOver(DateTimeOffset now) => Of(now - Margin).Number > Number;

    /// <inheritdoc/>
    public override string ToString() => FirstDay.ToString("yyyy-MM", CultureInfo.InvariantCulture);

    private static Month Of(DateOnly day) => new((day.Year * InAYear) + day.Month - 1);
}
