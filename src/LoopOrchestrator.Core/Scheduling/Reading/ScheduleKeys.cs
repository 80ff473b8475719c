using System.Collections.Frozen;

namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>The names of a schedule's fields, and what is written instead of them.</summary>
internal static class ScheduleKeys
{
    /// <summary>
    /// Fields that decide what is done and when, in the order in which Roo Scheduler writes its own, then ours. One of these under a
    /// wrong name changes what a schedule means.
    /// </summary>
    private static readonly string[] Deciding =
    [
        "id",
        "name",
        "mode",
        "taskInstructions",
        "scheduleType",
        "timeInterval",
        "timeUnit",
        "selectedDays",
        "startDate",
        "startHour",
        "startMinute",
        "expirationDate",
        "expirationHour",
        "expirationMinute",
        "requireActivity",
        "active",
        "taskInteraction",
        "inactivityDelay",
        "workflow",
        "cron",
        "timeZone",
        "misfire",
        "misfireLimit",
        "maxLateness",
        "jitter",
        "timeoutSeconds",
        "onlyIf",
        "todo",
        "timeoutExemption",
    ];

    /// <summary>What Roo Scheduler keeps for itself.</summary>
    private static readonly string[] Kept =
    [
        "lastExecutionTime",
        "lastSkippedTime",
        "lastTaskId",
        "nextExecutionTime",
        "modeDisplayName",
        "createdAt",
        "updatedAt",
    ];

    /// <summary>An entry with none of these is another program's.</summary>
    private static readonly string[] Core = ["mode", "taskInstructions", "scheduleType", "timeInterval", "timeUnit", "cron", "workflow"];

    private static readonly FrozenDictionary<string, string> Known = Deciding
        .Concat(Kept)
        .ToFrozenDictionary(Plain, key => key, StringComparer.Ordinal);

    private static readonly string[] InOrder = [.. Deciding, .. Kept];

    /// <summary>All of them, in the order in which they are written; the schema of the file has the same.</summary>
    public static IReadOnlyCollection<string> Names => InOrder;

    /// <summary>The place of a field in that order; -1 for one that is none of them.</summary>
    public static int Rank(string key) => Array.IndexOf(InOrder, key);

    /// <summary>
    /// The field that a key means when case, underscores and hyphens are left out of account; <see langword="null"/> when none.
    /// </summary>
    public static string? Meant(string key) => Known.GetValueOrDefault(Plain(key));

    /// <summary>Whether the field decides what is done and when.</summary>
    public static bool Decides(string key) => Deciding.Contains(key, StringComparer.Ordinal);

    /// <summary>Whether the field is one that every schedule of this format has some of.</summary>
    public static bool IsCore(string key) => Core.Contains(key, StringComparer.Ordinal);

    private static string Plain(string key) =>
        key.Replace("_", "", StringComparison.Ordinal).Replace("-", "", StringComparison.Ordinal).ToUpperInvariant();
}
