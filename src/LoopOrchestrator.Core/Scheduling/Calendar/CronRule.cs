using System.Diagnostics.CodeAnalysis;
using Cronos;

namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>
/// A cron expression of five fields, or of six with seconds first, in Cronos's syntax (<c>L</c>, <c>W</c>, <c>#</c>, <c>H</c> and macros
/// such as <c>@daily</c> included). Equal when the text is.
/// </summary>
/// <remarks>
/// Where both the day of the month and the day of the week are restricted, either is enough, as crontab(5) has it. A field that begins
/// with <c>*</c> (or is <c>?</c>) does not count as restricted, whatever follows: then a day has to fit both.
/// </remarks>
public sealed record CronRule
{
    private const int MaxLength = 256;

    /// <summary>A rule by its text and what finds its times.</summary>
    internal CronRule(string text, IWallClockTimes times)
    {
        Text = text;
        Times = times;
        var fields = Split(text);
        FitsEitherDay = fields.Length > 1 && IsRestricted(fields[^3]) && IsRestricted(fields[^1]);
        FiresInBothPasses =
            fields.Length == 1
                ? fields[0].ToUpperInvariant() is "@HOURLY" or "@EVERY_MINUTE" or "@EVERY_SECOND"
                : fields.SkipLast(3).Any(static field => field.AsSpan().ContainsAny("*-/"));
    }

    /// <summary>The expression as the file has it, without white space around it.</summary>
    public string Text { get; }

    /// <summary>
    /// Whether a day that fits one of its two day fields is enough, because both are restricted.
    /// </summary>
    public bool FitsEitherDay { get; }

    internal IWallClockTimes Times { get; }

    /// <summary>
    /// Whether a time that the clocks show twice is due both times: with <c>*</c>, a range or a step in the hours or a smaller field.
    /// </summary>
    internal bool FiresInBothPasses { get; }

    /// <summary>Reads an expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="seed">
    /// What <c>H</c> (a value that differs between schedules and stays the same for each) is derived from; the schedule's id.
    /// </param>
    /// <param name="rule">The rule, when it could be read.</param>
    /// <param name="reason">Why not, otherwise.</param>
    public static bool TryParse(string text, string seed, [NotNullWhen(true)] out CronRule? rule, [NotNullWhen(false)] out string? reason)
    {
        ArgumentNullException.ThrowIfNull(text);
        ArgumentNullException.ThrowIfNull(seed);
        text = text.Trim();
        (rule, reason) = (null, null);
        if (text.Length > MaxLength)
        {
            reason = $"it is longer than {MaxLength} characters";
            return false;
        }

        try
        {
            rule = new(text, Parse(Split(text), text, SeedOf(seed)));
            return true;
        }
        catch (CronFormatException exception)
        {
            reason = exception.Message;
            return false;
        }
    }

    /// <inheritdoc/>
    public bool Equals(CronRule? other) =>
        other is not null && string.Equals(Text, other.Text, StringComparison.Ordinal) && Times.Equals(other.Times);

    /// <inheritdoc/>
    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Text);

    /// <inheritdoc/>
    public override string ToString() => Text;

    // Of an expression with both day fields: what fits one of them, and what fits the other.
    private static CronTimes Parse(string[] fields, string text, int seed)
    {
        var format = fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
        var whole = CronExpression.Parse(text, format, seed);
        if (fields.Length is not (5 or 6) || !IsRestricted(fields[^3]) || !IsRestricted(fields[^1]))
        {
            return new CronTimes(whole);
        }

        return new CronTimes(Without(^3), Without(^1));

        CronExpression Without(Index day)
        {
            var others = fields.ToArray();
            others[day] = "*";
            return CronExpression.Parse(string.Join(' ', others), format, seed);
        }
    }

    private static bool IsRestricted(string day) => day[0] is not ('*' or '?');

    private static string[] Split(string text) => text.Split((char[])[' ', '\t'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>FNV-1a: string.GetHashCode differs from process to process, and this must not.</summary>
    private static int SeedOf(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
        {
            hash = unchecked((hash ^ c) * 16777619u);
        }

        return (int)(hash & int.MaxValue);
    }
}
