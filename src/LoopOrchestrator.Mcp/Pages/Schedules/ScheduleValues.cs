using System.Globalization;
using System.Xml;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Editing;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>
/// The fields of the form of a schedule, as texts. Only what was changed in the form is asked for: what somebody else changes in the file
/// meanwhile stays.
/// </summary>
/// <param name="Id">The schedule; <see langword="null"/> for a new one.</param>
/// <param name="Texts">What stands in each field.</param>
/// <param name="Before">What stood there when the form was opened.</param>
internal sealed record ScheduleValues(string? Id, IReadOnlyDictionary<string, string> Texts, IReadOnlyDictionary<string, string> Before)
{
    /// <summary>The prefix of the hidden fields that keep what stood there.</summary>
    public const string WasPrefix = "was-";

    private const string Yes = "yes";

    private static readonly string[] Names =
    [
        "name",
        "mode",
        "task",
        "interval",
        "cron",
        "timeZone",
        "days",
        "start",
        "expires",
        "active",
        "overlap",
        "misfire",
        "maxLateness",
        "jitter",
        "timeoutSeconds",
    ];

    /// <summary>What stands in a field.</summary>
    public string this[string name] => Texts.GetValueOrDefault(name, "");

    /// <summary>For a new one.</summary>
    public static ScheduleValues New { get; } =
        new(
            null,
            new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["mode"] = "code",
                ["active"] = Yes,
                ["overlap"] = "wait",
                ["misfire"] = "once",
            },
            new Dictionary<string, string>(StringComparer.Ordinal)
        );

    /// <summary>Of one as it stands in its file.</summary>
    /// <param name="schedule">The schedule.</param>
    /// <param name="local">The zone of those that name none.</param>
    public static ScheduleValues Of(Schedule schedule, TimeZoneInfo local)
    {
        var texts = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["name"] = schedule.Name,
            ["mode"] = schedule.Mode,
            ["task"] = schedule.TaskInstructions.ReplaceLineEndings("\n"),
            ["interval"] = schedule.Interval is { } interval ? interval.ToString()["every ".Length..] : "",
            ["cron"] = schedule.Cron?.ToString() ?? "",
            ["timeZone"] = schedule.TimeZone.Id == local.Id ? "" : schedule.TimeZone.Id,
            ["days"] = DaysOf(schedule.SelectedDays),
            ["start"] = StartOf(schedule),
            ["expires"] = schedule.Expiration is { } end
                ? TimeZoneInfo.ConvertTime(end, schedule.TimeZone).ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)
                : "",
            ["active"] = schedule.Active ? Yes : "",
            ["overlap"] = schedule.TaskInteraction switch
            {
                TaskInteraction.Interrupt => "interrupt",
                TaskInteraction.Skip => "skip",
                _ => "wait",
            },
            ["misfire"] = schedule.Misfire switch
            {
                MisfirePolicy.Skip => "skip",
                MisfirePolicy.All => "all",
                _ => "once",
            },
            ["maxLateness"] = schedule.MaxLateness is { } lateness ? XmlConvert.ToString(lateness) : "",
            ["jitter"] = schedule.Jitter is { } jitter ? XmlConvert.ToString(jitter) : "",
            ["timeoutSeconds"] = schedule.Timeout is { } timeout ? timeout.TotalSeconds.ToString("0", CultureInfo.InvariantCulture) : "",
        };
        return new ScheduleValues(schedule.Id, texts, texts);
    }

    /// <summary>Of a form that was sent.</summary>
    public static ScheduleValues Of(PageForm form) =>
        new(
            form.Find("schedule_id") is { Length: > 0 } id ? id : null,
            Names.ToDictionary(static name => name, name => Clean(form.Fields[name]), StringComparer.Ordinal),
            Names.ToDictionary(static name => name, name => Clean(form.Fields[WasPrefix + name]), StringComparer.Ordinal)
        );

    /// <summary>What is asked for; and what cannot be told even so, by field.</summary>
    public ScheduleEdit Edit(IDictionary<string, string> faults)
    {
        int? seconds = null;
        if (Changed("timeoutSeconds") is { } written)
        {
            if (int.TryParse(written, NumberStyles.None, CultureInfo.InvariantCulture, out var parsed))
            {
                seconds = parsed;
            }
            else
            {
                faults["timeoutSeconds"] =
                    written.Length == 0
                        ? "A limit cannot be taken out here; write its seconds, or take the field out of the file."
                        : "Write a number of seconds, 1 to 86400.";
            }
        }

        return new ScheduleEdit
        {
            Id = Id,
            Name = Id is null ? this["name"] : Changed("name"),
            Mode = Changed("mode"),
            Task = Id is null ? this["task"] : Changed("task"),
            Interval = Changed("interval"),
            Cron = Changed("cron"),
            TimeZone = Changed("timeZone"),
            Days = ScheduleEdit.SplitDays(Changed("days")),
            Start = Changed("start"),
            Expires = Changed("expires"),
            Active = Changed("active") is { } active ? active == Yes : null,
            Overlap = Changed("overlap"),
            Misfire = Changed("misfire"),
            MaxLateness = Changed("maxLateness"),
            Jitter = Changed("jitter"),
            TimeoutSeconds = seconds,
        };
    }

    private string? Changed(string name) => this[name] == Before.GetValueOrDefault(name, "") ? null : this[name];

    // A box for each day sends its own value, and browsers end lines their own way.
    private static string Clean(IEnumerable<string?> values) => string.Join(',', values).ReplaceLineEndings("\n").Trim();

    private static string DaysOf(WeekDays days) =>
        days is WeekDays.None || (days & WeekDays.All) == WeekDays.All
            ? ""
            : string.Join(
                ',',
                Enum.GetValues<DayOfWeek>()
                    .Where(day => ((int)days >> (int)day & 1) == 1)
                    .Select(static day => day.ToString()[..3].ToLowerInvariant())
            );

    private static string StartOf(Schedule schedule)
    {
        var date = schedule.StartDate?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) ?? "";
        var time = schedule.StartHour is { } hour
            ? string.Create(CultureInfo.InvariantCulture, $"{hour:00}:{schedule.StartMinute ?? 0:00}")
            : "";
        return $"{date} {time}".Trim();
    }
}
