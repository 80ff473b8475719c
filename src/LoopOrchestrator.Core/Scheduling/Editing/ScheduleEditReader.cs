using System.Globalization;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>Turns what somebody asked for into fields of the file, and says of each part that cannot be understood why not.</summary>
internal static partial class ScheduleEditReader
{
    /// <summary>The names of the days in the order of the file's format.</summary>
    public static readonly IReadOnlyList<string> DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    /// <summary>The fields to change, in the order in which Roo Scheduler writes them.</summary>
    public static List<ScheduleFieldChange> Read(ScheduleEdit edit, List<string> errors)
    {
        var changes = new List<ScheduleFieldChange>();
        Add(changes, "name", edit.Name?.Trim());
        Add(changes, "mode", edit.Mode?.Trim());
        Add(changes, "taskInstructions", edit.Task);
        ReadInterval(edit.Interval, changes, errors);
        if (edit.Days is { } days)
        {
            changes.Add(new ScheduleFieldChange("selectedDays") { Days = ReadDays(days, errors) });
        }

        ReadStart(edit.Start?.Trim(), changes, errors);
        ReadExpiry(edit.Expires?.Trim(), changes, errors);
        if (edit.Active is { } active)
        {
            changes.Add(new ScheduleFieldChange("active") { Flag = active });
        }

        Add(changes, "taskInteraction", edit.Overlap?.Trim());
        AddOurs(changes, "cron", edit.Cron);
        AddOurs(changes, "timeZone", edit.TimeZone);
        AddOurs(changes, "misfire", edit.Misfire);
        AddOurs(changes, "maxLateness", edit.MaxLateness);
        AddOurs(changes, "jitter", edit.Jitter);
        if (edit.TimeoutSeconds is { } seconds)
        {
            changes.Add(new ScheduleFieldChange("timeoutSeconds") { Number = seconds, IsBare = true });
        }

        return changes;
    }

    private static void Add(List<ScheduleFieldChange> changes, string key, string? text)
    {
        if (text is not null)
        {
            changes.Add(new ScheduleFieldChange(key) { Text = text });
        }
    }

    // Roo Scheduler's form leaves its fields in place and blank; one of ours that says nothing is taken out.
    private static void AddOurs(List<ScheduleFieldChange> changes, string key, string? text)
    {
        if (text is not null)
        {
            changes.Add(new ScheduleFieldChange(key) { Text = string.IsNullOrWhiteSpace(text) ? null : text.Trim() });
        }
    }

    private static void ReadInterval(string? interval, List<ScheduleFieldChange> changes, List<string> errors)
    {
        if (interval is null)
        {
            return;
        }

        if (string.IsNullOrWhiteSpace(interval))
        {
            changes.Add(new ScheduleFieldChange("timeInterval") { Text = "" });
            return;
        }

        var match = Interval().Match(interval);
        if (
            !match.Success
            || !int.TryParse(
                match.Groups["count"] is { Success: true } group ? group.Value : "1",
                NumberStyles.None,
                CultureInfo.InvariantCulture,
                out var count
            )
            || count == 0
        )
        {
            errors.Add(
                $"interval is {ScheduleFields.Quote(interval)}; write a number from 1 on and a unit, such as \"10 "
                    + "minutes\", \"1 hour\" or \"2 days\""
            );
            return;
        }

        changes.Add(new ScheduleFieldChange("timeInterval") { Number = count });
        changes.Add(
            new ScheduleFieldChange("timeUnit")
            {
                Text = char.ToLowerInvariant(match.Groups["unit"].Value[0]) switch
                {
                    'm' => "minute",
                    'h' => "hour",
                    _ => "day",
                },
            }
        );
    }

    private static WeekDays ReadDays(IReadOnlyList<string> days, List<string> errors)
    {
        var selected = days.Count == 0 ? WeekDays.All : WeekDays.None;
        foreach (var day in days.Select(static day => day.Trim()))
        {
            var index = Enum.GetValues<DayOfWeek>()
                .Select(static name => name.ToString())
                .ToList()
                .FindIndex(name =>
                    day.Length is 3
                        ? name.StartsWith(day, StringComparison.OrdinalIgnoreCase)
                        : name.Equals(day, StringComparison.OrdinalIgnoreCase)
                );
            if (index < 0)
            {
                errors.Add(
                    $"days has {ScheduleFields.Quote(day)}; days are "
                        + $"{string.Join(' ', DayNames)}"
                        + $"{(NearestName.Find(day, DayNames) is { } nearest ? $", {ScheduleFields.Quote(nearest)} is nearest" : "")}"
                );
            }
            else
            {
                selected |= (WeekDays)(1 << index);
            }
        }

        return selected;
    }

    private static void ReadStart(string? start, List<ScheduleFieldChange> changes, List<string> errors)
    {
        if (start is null)
        {
            return;
        }

        if (!TryReadMoment(start, out var date, out var time) || (start.Length > 0 && date is null && time is null))
        {
            errors.Add($"start is {ScheduleFields.Quote(start)}; write \"YYYY-MM-DD\", \"HH:mm\" or both, or \"\" for none");
            return;
        }

        changes.Add(new ScheduleFieldChange("startDate") { Text = date ?? "" });
        changes.Add(
            time is { } from
                ? new ScheduleFieldChange("startHour") { Number = from.Hours, Digits = 2 }
                : new ScheduleFieldChange("startHour") { Text = "" }
        );
        changes.Add(new ScheduleFieldChange("startMinute") { Number = time?.Minutes ?? 0, Digits = 2 });
    }

    private static void ReadExpiry(string? expires, List<ScheduleFieldChange> changes, List<string> errors)
    {
        if (expires is null)
        {
            return;
        }

        if (!TryReadMoment(expires, out var date, out var time) || (date is null && expires.Length > 0))
        {
            errors.Add(
                $"expires is {ScheduleFields.Quote(expires)}; write \"YYYY-MM-DD\" for the end of that day or "
                    + "\"YYYY-MM-DD HH:mm\", or \"\" for never"
            );
            return;
        }

        var until = date is null ? TimeSpan.Zero : time ?? new TimeSpan(23, 59, 0);
        changes.Add(new ScheduleFieldChange("expirationDate") { Text = date ?? "" });
        changes.Add(new ScheduleFieldChange("expirationHour") { Number = until.Hours, Digits = 2 });
        changes.Add(new ScheduleFieldChange("expirationMinute") { Number = until.Minutes, Digits = 2 });
    }

    private static bool TryReadMoment(string text, out string? date, out TimeSpan? time)
    {
        (date, time) = (null, null);
        if (text.Length == 0)
        {
            return true;
        }

        var match = Moment().Match(text);
        if (match.Groups["date"] is { Success: true } day)
        {
            date = day.Value;
            if (!DateOnly.TryParseExact(date, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _))
            {
                return false;
            }
        }

        if (match.Groups["time"] is { Success: true } clock)
        {
            if (!TimeOnly.TryParseExact(clock.Value, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read))
            {
                return false;
            }

            time = read.ToTimeSpan();
        }

        return match.Success;
    }

    [GeneratedRegex(
        @"^\s*(?:every\s+)?(?<count>\d{1,10})?\s*(?<unit>m|min|mins|minutes?|h|hours?|d|days?)\s*$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Interval();

    [GeneratedRegex(
        @"^(?=.)(?<date>\d{4}-\d\d-\d\d)?(?:[ T]|^|$)(?<time>\d\d:\d\d)?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Moment();
}
