using System.Globalization;

namespace LoopOrchestrator.Core.Timing.Rotation;

/// <summary>A month in UTC, which is the zone that the time log is written and summed in.</summary>
/// <param name="Number">Months since the beginning of the calendar.</param>
internal readonly record struct Month(int Number)
{
    private const int InAYear = 12;
    private const string Prefix = "task_timing-";
    private const string Suffix = ".tsv";
    private const int DigitsOfYear = 4;
    private const int DigitsOfMonth = 2;

    // Clocks of several machines, and rows that come late, have had their say by then.
    private static readonly TimeSpan Margin = TimeSpan.FromDays(1);

    /// <summary>The name of its file.</summary>
    public string FileName => Prefix + this + Suffix;

    /// <summary>The month that a moment lies in.</summary>
    public static Month Of(DateTimeOffset moment) => new((moment.UtcDateTime.Year * InAYear) + moment.UtcDateTime.Month - 1);

    /// <summary>The month whose file has this name; <see langword="null"/> for any other name.</summary>
    public static Month? OfFile(string name)
    {
        const int Length = DigitsOfYear + 1 + DigitsOfMonth;
        return name.Length == Prefix.Length + Length + Suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && DateTime.TryParseExact(
                name.AsSpan(Prefix.Length, Length), "yyyy-MM", CultureInfo.InvariantCulture, DateTimeStyles.None, out var first)
                ? Of(new DateTimeOffset(first, TimeSpan.Zero))
                : null;
    }

    /// <summary>Whether it has been over for a day.</summary>
    public bool IsOver(DateTimeOffset now) => Of(now - Margin).Number > Number;

    /// <summary>As in <c>2026-10</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Number / InAYear:0000}-{(Number % InAYear) + 1:00}");
}
