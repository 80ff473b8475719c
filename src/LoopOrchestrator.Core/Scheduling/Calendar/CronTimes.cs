using Cronos;

namespace LoopOrchestrator.Core.Scheduling.Calendar;

/// <summary>The times of one cron expression or of several, each of which is enough.</summary>
internal sealed class CronTimes(params CronExpression[] expressions) : IWallClockTimes, IEquatable<CronTimes>
{
    private readonly CronExpression[] _expressions = expressions;

    public long? Next(long local, bool inclusive) =>
        _expressions.Min(expression => expression.GetNextOccurrence(ZoneTime.InstantOf(local), TimeZoneInfo.Utc, inclusive)?.UtcTicks);

    public long? Previous(long local) => _expressions.Max(expression => Previous(expression, local));

    public bool Equals(CronTimes? other) => other is not null && _expressions.AsSpan().SequenceEqual(other._expressions);

    public override bool Equals(object? obj) => Equals(obj as CronTimes);

    public override int GetHashCode() => _expressions.Length;

    // From the first day of a month that it names, Cronos steps back to the last day of the one before, whether it names that or not
    // (findings/cronos-previous-month.sh); forwards it does not take that for one of its times.
    private static long? Previous(CronExpression expression, long local)
    {
        while (expression.GetPreviousOccurrence(ZoneTime.InstantOf(local), TimeZoneInfo.Utc, inclusive: true) is { UtcTicks: var time })
        {
            if (expression.GetNextOccurrence(ZoneTime.InstantOf(time), TimeZoneInfo.Utc, inclusive: true)?.UtcTicks == time)
            {
                return time;
            }

            local = time - 1;
        }

        return null;
    }
}
