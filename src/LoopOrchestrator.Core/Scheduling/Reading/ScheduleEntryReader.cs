using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>Turns the fields of one entry into a <see cref="Schedule"/>, or says why not.</summary>
internal static class ScheduleEntryReader
{
    private const int MinutesPerYear = 366 * 24 * 60;
    private const int MaxMisfireLimit = 1000;

    /// <summary>Reads an entry that is an object.</summary>
    /// <returns><see langword="null"/> when an error was reported.</returns>
    public static Schedule? Read(ScheduleFields fields, TimeZoneInfo localZone)
    {
        if (!ScheduleEntryShape.Check(fields))
        {
            return null;
        }

        var workflow = fields.Text("workflow")?.Trim();
        var zone = ReadZone(fields) ?? localZone;
        var cron = ReadCron(fields);
        var schedule = new Schedule
        {
            Id = fields.Id ?? "",
            Name = fields.Text("name") ?? fields.Id ?? "",
            Mode = ReadMode(fields, workflow),
            ModeDisplayName = fields.Text("modeDisplayName"),
            TaskInstructions = fields.Text("taskInstructions") ?? "",
            TimeZone = zone,
            Cron = cron,
            Interval = ReadInterval(fields, cron),
            SelectedDays = ReadDays(fields),
            StartDate = fields.Date("startDate"),
            StartHour = fields.Whole("startHour", 0, 23),
            StartMinute = fields.Whole("startMinute", 0, 59),
            Expiration = ReadExpiration(fields, zone),
            RequireActivity = fields.Flag("requireActivity") ?? false,
            Active = fields.Flag("active") ?? true,
            TaskInteraction = fields.Choice(
                "taskInteraction",
                ("wait", TaskInteraction.Wait),
                ("interrupt", TaskInteraction.Interrupt),
                ("skip", TaskInteraction.Skip)
            ) ?? TaskInteraction.Wait,
            InactivityDelay = TimeSpan.FromMinutes(fields.Whole("inactivityDelay", 0, MinutesPerYear) ?? 1),
            LastExecutionTime = ReadLastExecution(fields, zone),
            Workflow = workflow,
            Misfire = fields.Choice("misfire", ("once", MisfirePolicy.Once), ("skip", MisfirePolicy.Skip), ("all", MisfirePolicy.All))
                ?? MisfirePolicy.Once,
            MisfireLimit = fields.Whole("misfireLimit", 1, MaxMisfireLimit) ?? Schedule.DefaultMisfireLimit,
            MaxLateness = fields.Duration("maxLateness"),
            Jitter = fields.Duration("jitter"),
            Timeout = ReadTimeout(fields),
            OnlyIf = ReadCommand(fields),
            Todo = fields.Text("todo")?.Trim(),
            TimeoutExemption = fields.Text("timeoutExemption")?.Trim(),
        };
        if (schedule is { Interval: { } interval, Jitter: { } jitter } && jitter.Ticks >= ElapsedProgression.StepOf(interval))
        {
            fields.Report(
                DiagnosticSeverity.Warning,
                fields.Node.Find("jitter")!,
                "this is as long as its interval; it is put off to the next occurrence at most, so make it shorter"
            );
        }

        return fields.Failed ? null : schedule;
    }

    private static string ReadMode(ScheduleFields fields, string? workflow)
    {
        if (fields.Text("mode")?.Trim() is { } mode)
        {
            return mode;
        }

        if (workflow is null && !fields.Failed)
        {
            fields.Report(
                DiagnosticSeverity.Warning,
                fields.Node.Span.Start,
                "it names no mode, so \"code\" is taken, as Roo Scheduler's form does; add \"mode\""
            );
        }

        return "code";
    }

    private static TimeZoneInfo? ReadZone(ScheduleFields fields)
    {
        if (!fields.TryFind("timeZone", out var member))
        {
            return null;
        }

        // The framework makes a file name of the id; only what can be one below the zone folder gets there.
        var id = member.Value.Text?.Trim() ?? "";
        var plausible =
            id.Length <= 64
            && id.All(c => char.IsAsciiLetterOrDigit(c) || c is '/' or '_' or '-' or '+' or ' ' or '.' or '(' or ')')
            && !id.Contains("..", StringComparison.Ordinal)
            && !id.StartsWith('/');
        if (plausible && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            return zone;
        }

        fields.Report(
            DiagnosticSeverity.Error,
            member,
            "this machine knows no such zone; write an IANA name such as \"Europe/Berlin\" or \"UTC\", or leave it out "
                + "for the machine's own zone"
        );
        return null;
    }

    private static CronRule? ReadCron(ScheduleFields fields)
    {
        if (!fields.TryFind("cron", out var member))
        {
            return null;
        }

        var reason = "it has to be a string";
        if (member.Value.Text is { } text && CronRule.TryParse(text, fields.Id ?? "", out var rule, out reason))
        {
            if (rule.FitsEitherDay)
            {
                fields.Report(
                    DiagnosticSeverity.Information,
                    member,
                    "it names days of the month and days of the week, and either is enough, as crontab(5) has it; for days that fit "
                        + "both, write the days of the week as selectedDays and * in their place here"
                );
            }

            return rule;
        }

        fields.Report(DiagnosticSeverity.Error, member, $"this is no cron expression: {reason} (five fields, or six with seconds first)");
        return null;
    }

    private static ScheduleInterval? ReadInterval(ScheduleFields fields, CronRule? cron)
    {
        var hasCount = fields.TryFind("timeInterval", out var count);
        if (fields.TryFind("cron", out _))
        {
            if (hasCount && cron is not null)
            {
                fields.Report(DiagnosticSeverity.Information, count!, "cron is there too and goes before it; remove one of the two");
            }

            return null;
        }

        var interval = fields.Whole("timeInterval", 1, int.MaxValue);
        var unit = fields.Choice("timeUnit", ("minute", TimeUnit.Minute), ("hour", TimeUnit.Hour), ("day", TimeUnit.Day));
        if (!hasCount && !fields.Failed)
        {
            fields.Report(
                DiagnosticSeverity.Warning,
                fields.Node.Span.Start,
                "it never fires by itself, because it has neither timeInterval nor cron; add one, or trigger it by hand"
            );
        }
        else if (hasCount && !fields.TryFind("timeUnit", out _))
        {
            fields.Report(DiagnosticSeverity.Error, count!, "timeUnit is missing; add \"timeUnit\": \"minute\", \"hour\" or \"day\"");
        }

        return interval is { } number && unit is { } known ? new(number, known) : null;
    }

    private static WeekDays ReadDays(ScheduleFields fields)
    {
        if (!fields.TryFind("selectedDays", out var member))
        {
            return WeekDays.None;
        }

        if (member.Value.Kind is not JsonValueKind.Object)
        {
            fields.Report(DiagnosticSeverity.Error, member, "write an object such as { \"mon\": true, \"tue\": true }");
            return WeekDays.None;
        }

        string[] names = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
        var selected = WeekDays.None;
        JsonTextMember? lost = null;
        foreach (
            var (name, day) in member.Value.Members.GroupBy(day => day.Name, StringComparer.Ordinal).Select(days => (days.Key, days.Last()))
        )
        {
            var index = Array.IndexOf(names, name);
            if (index < 0)
            {
                var nearest = names.FirstOrDefault(known => name.StartsWith(known, StringComparison.OrdinalIgnoreCase))
                    ?? NearestName.Find(name, names);
                fields.Report(
                    DiagnosticSeverity.Warning,
                    day.NameSpan.Start,
                    $"selectedDays has no day {ScheduleFields.Quote(name)}, it is passed over; days are "
                        + $"{string.Join(' ', names)}{(nearest is null ? "" : $", {ScheduleFields.Quote(nearest)} is nearest")}"
                );
                lost = day.Value.Boolean is false ? lost : day;
            }
            else if (day.Value.Kind is not JsonValueKind.Null && fields.Flag(day, DiagnosticSeverity.Error) is true)
            {
                selected |= (WeekDays)(1 << index);
            }
        }

        if (selected is WeekDays.None && lost is not null)
        {
            fields.Report(
                DiagnosticSeverity.Error,
                lost.NameSpan.Start,
                "no day of selectedDays was understood, and with none selected it would fire on every day; correct the names"
            );
        }

        return selected;
    }

    private static DateTimeOffset? ReadExpiration(ScheduleFields fields, TimeZoneInfo zone)
    {
        var hour = fields.Whole("expirationHour", 0, 23) ?? 23;
        var minute = fields.Whole("expirationMinute", 0, 59) ?? 59;
        return fields.Date("expirationDate") is { } date
            ? ZoneTime.InstantOf(ZoneTime.Resolve(zone, date.DayNumber, new TimeSpan(hour, minute, 0)))
            : null;
    }

    private static DateTimeOffset? ReadLastExecution(ScheduleFields fields, TimeZoneInfo zone)
    {
        if (!fields.TryFind("lastExecutionTime", out var member))
        {
            return null;
        }

        if (member.Value.Text is { } text && IsoInstant.TryParse(text, zone, out var instant))
        {
            return instant;
        }

        fields.Report(
            DiagnosticSeverity.Warning,
            member,
            "this is no time such as \"2026-01-31T12:00:00.000Z\", so it counts as never run"
        );
        return null;
    }

    private static TimeSpan? ReadTimeout(ScheduleFields fields)
    {
        var hasItem = fields.TryFind("todo", out _);
        var hasExemption = fields.TryFind("timeoutExemption", out var exemption);
        if (hasExemption && !hasItem)
        {
            fields.Report(
                DiagnosticSeverity.Warning,
                exemption!,
                "only work on an item of the plan needs one, and there is no \"todo\"; remove it"
            );
        }

        if (fields.Whole("timeoutSeconds", 1, 86_400) is not { } seconds)
        {
            return null;
        }

        if (hasItem && !hasExemption && seconds > TodoLimit.Seconds)
        {
            fields.Report(
                DiagnosticSeverity.Warning,
                fields.Node.Find("timeoutSeconds")!,
                $"work on an item of the plan (\"todo\") has {TodoLimit.Seconds} s, which holds; for more, say why in \"timeoutExemption\""
            );
            seconds = TodoLimit.Seconds;
        }

        return TimeSpan.FromSeconds(seconds);
    }

    private static string[]? ReadCommand(ScheduleFields fields)
    {
        if (!fields.TryFind("onlyIf", out var member))
        {
            return null;
        }

        var words = member.Value.Items.Select(item => item.Text).OfType<string>().ToArray();
        if (
            words.Length > 0
            && words.Length == member.Value.Items.Length
            && !string.IsNullOrWhiteSpace(words[0])
            && !words.Any(word => word.Contains('\0', StringComparison.Ordinal))
        )
        {
            return words;
        }

        fields.Report(
            DiagnosticSeverity.Error,
            member,
            "write the command as a list of strings, program first, such as [\"git\", \"diff\", \"--quiet\"]; no shell reads it"
        );
        return null;
    }
}
