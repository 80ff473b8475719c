using System.Globalization;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Reports;

/// <summary>A period of time, in UTC as the days of the time log are.</summary>
/// <param name="From">Where it begins.</param>
/// <param name="To">The moment before which it ends; no later than the moment at which it was asked for.</param>
/// <param name="Name">What it is called.</param>
public sealed record ReportPeriod(DateTimeOffset From, DateTimeOffset To, string Name)
{
    /// <summary>The most days that <c>7d</c> may ask for.</summary>
    public const int MaxDays = 3660;

    /// <summary>What a period may be written as.</summary>
    public const string Forms = "7d (so many days back from now), today, month (this one), 2026-11 or 2026-11-30";

    /// <summary>Reads a period.</summary>
    /// <param name="text">One of <see cref="Forms"/>.</param>
    /// <param name="now">The present moment.</param>
    /// <exception cref="UserErrorException">It is none, or has not begun yet.</exception>
    public static ReportPeriod Parse(string text, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(text);
        var today = new DateTimeOffset(now.UtcDateTime.Date, TimeSpan.Zero);
        if (
            text.EndsWith('d')
            && int.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var days)
        )
        {
            return days is >= 1 and <= MaxDays
                ? new ReportPeriod(
                    now.ToUniversalTime().AddDays(-days),
                    now.ToUniversalTime(),
                    days == 1 ? "the last day" : $"the last {days} days"
                )
                : throw new UserErrorException($"The period is '{text}'; it may have 1 to {MaxDays} days.");
        }

        return text switch
        {
            "today" => Between(today, today.AddDays(1), Day(today)),
            "month" => Month(today),
            _ when Read(text, "yyyy-MM") is { } month => Month(month),
            _ when Read(text, "yyyy-MM-dd") is { } day => Between(day, day.AddDays(1), Day(day)),
            _ => throw new UserErrorException($"'{text}' is no period. Write {Forms}."),
        };

        ReportPeriod Month(DateTimeOffset day)
        {
            var first = day.AddDays(1 - day.Day);
            return Between(first, first.AddMonths(1), first.ToString("yyyy-MM", CultureInfo.InvariantCulture));
        }

        ReportPeriod Between(DateTimeOffset from, DateTimeOffset to, string name) =>
            from < now
                ? new ReportPeriod(from, to < now ? to : now.ToUniversalTime(), name)
                : throw new UserErrorException($"The period '{text}' has not begun yet.");
    }

    private static string Day(DateTimeOffset day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Read(string text, string form) =>
        DateTimeOffset.TryParseExact(text, form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var day)
        && day.Year is > 1970 and < 9999
            ? day
            : null;
}
