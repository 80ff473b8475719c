using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>
/// An oracle for <see cref="NextOccurrence"/> that shares no arithmetic with it: it walks a clock minute by minute and follows
/// the chain of occurrences from one to the next.
/// </summary>
internal sealed class BruteForceSchedule(Schedule schedule)
{
    private readonly Dictionary<DateTime, DateTime> _resolved = [];

    public List<DateTime> Between(DateTime from, DateTime to)
    {
        var restarts = schedule.StartDate is null && schedule.StartHour is null;
        var due = new List<DateTime>();

        // Where the grid does not restart, the chain is begun early enough for the first move to have settled.
        var at = schedule.StartDate is null ? from : from.AddDays(-16);
        var anchor = Anchor(from);
        var next = FirstAfter(anchor, at, restarts);
        while (next <= to)
        {
            if (IsSelected(LocalDate(next)))
            {
                at = next;
            }
            else
            {
                var day = LocalDate(next);
                while (!IsSelected(day))
                {
                    day = day.AddDays(1);
                }

                at = Resolve(day + StartTime);
                anchor = restarts ? (at, day + StartTime) : anchor;
            }

            if (at > from && at <= to)
            {
                due.Add(at);
            }

            next = FirstAfter(anchor, at, restarts);
        }

        return due;
    }

    private TimeSpan StartTime => TimeSpan.FromMinutes(((schedule.StartHour ?? 0) * 60) + (schedule.StartMinute ?? 0));

    private (DateTime Utc, DateTime Local) Anchor(DateTime from)
    {
        var local =
            schedule.StartDate is { } date ? date.ToDateTime(TimeOnly.MinValue) + StartTime
            : schedule.StartHour is not null ? LocalDate(from) + StartTime
            : new DateTime(Local(from).Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute);
        var utc =
            schedule.StartDate is null && schedule.StartHour is null
                ? new DateTime(from.Ticks / TimeSpan.TicksPerMinute * TimeSpan.TicksPerMinute)
                : Resolve(local);
        return (utc, local);
    }

    private DateTime FirstAfter((DateTime Utc, DateTime Local) anchor, DateTime after, bool restarts)
    {
        var count = schedule.Interval!.Value.Count;
        if (schedule.Interval.Value.Unit is TimeUnit.Day)
        {
            var day = anchor.Local.AddDays(restarts ? count : 0);
            while (Resolve(day) <= after)
            {
                day = day.AddDays(count);
            }

            return Resolve(day);
        }

        var step = schedule.Interval.Value.Unit is TimeUnit.Hour ? TimeSpan.FromHours(count) : TimeSpan.FromMinutes(count);
        var point = anchor.Utc;
        if (schedule.StartDate is null && schedule.StartHour is not null)
        {
            while (point > after)
            {
                point -= step;
            }
        }

        point += restarts ? step : TimeSpan.Zero;
        while (point <= after)
        {
            point += step;
        }

        return point;
    }

    private bool IsSelected(DateTime day) =>
        schedule.SelectedDays is WeekDays.None || schedule.SelectedDays.HasFlag(Enum.Parse<WeekDays>(day.DayOfWeek.ToString()));

    private DateTime Local(DateTime utc) => TimeZoneInfo.ConvertTimeFromUtc(DateTime.SpecifyKind(utc, DateTimeKind.Utc), schedule.TimeZone);

    private DateTime LocalDate(DateTime utc) => Local(utc).Date;

    /// <summary>The first minute at which the clock shows this time or a later one.</summary>
    private DateTime Resolve(DateTime local)
    {
        if (!_resolved.TryGetValue(local, out var utc))
        {
            for (utc = local.AddHours(-15); Local(utc) < local; utc = utc.AddMinutes(1)) { }

            _resolved[local] = utc;
        }

        return utc;
    }
}
