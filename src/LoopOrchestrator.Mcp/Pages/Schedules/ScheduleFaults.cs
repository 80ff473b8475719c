namespace LoopOrchestrator.Mcp.Pages.Schedules;

/// <summary>Puts each reason of a refusal beside the field that it is about. What fits none stands above the form. Pure.</summary>
internal static class ScheduleFaults
{
    /// <summary>Where reasons stand that are about no single field.</summary>
    public const string OfAll = "";

    // By what Core calls the fields in its sentences; the first that fits.
    private static readonly (string Words, string Field)[] Places =
    [
        ("name is", "name"),
        ("there is no mode", "mode"),
        ("interval is", "interval"),
        ("interval and cron are both", "cron"),
        ("has a cron expression, which goes before", "cron"),
        ("days has", "days"),
        ("start is", "start"),
        ("expires is", "expires"),
        ("taskInteraction", "overlap"),
        ("timeoutSeconds", "timeoutSeconds"),
        ("maxLateness", "maxLateness"),
        ("misfire", "misfire"),
        ("jitter", "jitter"),
        ("timeZone", "timeZone"),
        ("cron", "cron"),
        ("could never fire", "interval"),
        ("timeInterval", "interval"),
    ];

    private static readonly (string Word, string Field)[] Needed = [("name", "name"), ("task", "task"), ("interval or cron", "interval")];

    /// <summary>The reasons by field; several of one field in one text.</summary>
    public static Dictionary<string, string> Of(IEnumerable<string> reasons)
    {
        var faults = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var reason in reasons)
        {
            foreach (var field in FieldsOf(reason))
            {
                faults[field] = faults.TryGetValue(field, out var before) ? $"{before}; {reason}" : reason;
            }
        }

        return faults;
    }

    private static List<string> FieldsOf(string reason)
    {
        const string Needs = " needs ";
        var at = reason.IndexOf(Needs, StringComparison.Ordinal);
        if (at >= 0 && reason[at..].Split(Needs)[1] is var list && Needed.Any(one => list.Contains(one.Word, StringComparison.Ordinal)))
        {
            return [.. Needed.Where(one => list.Contains(one.Word, StringComparison.Ordinal)).Select(static one => one.Field)];
        }

        var found = Places.FirstOrDefault(place => reason.Contains(place.Words, StringComparison.Ordinal)).Field;
        return [found ?? OfAll];
    }
}
