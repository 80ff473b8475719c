using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Reading;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>Fields of one entry in the text of the file. Pure: each change gives a new text.</summary>
internal static class ScheduleEntryText
{
    /// <summary>Makes a field say something.</summary>
    /// <returns>The text unchanged when it says that already.</returns>
    public static JsonText Change(JsonText text, Func<JsonText, JsonTextNode> entryOf, ScheduleFieldChange change)
    {
        var entry = entryOf(text);
        var member = entry.Find(change.Key);
        if (change.Days is { } days)
        {
            return ChangeDays(text, entryOf, change.Key, days);
        }

        if (change is { Text: null, Number: null, Flag: null })
        {
            return Remove(text, entryOf, change.Key);
        }

        if (member is null)
        {
            // To Roo Scheduler, blank and absent are one.
            return change.Text is "" ? text : Add(text, entry, change.Key, Draft(change, existing: null));
        }

        return Says(member.Value, change) ? text : Again(text, JsonTextEdit.Replace(text, member.Value, Draft(change, member.Value)));
    }

    /// <summary>A field that is not there yet, or another value in its place.</summary>
    public static JsonDraft Draft(ScheduleFieldChange change, JsonTextNode? existing)
    {
        if (change.Days is { } days)
        {
            return JsonDraft.Object([
                .. ScheduleEditReader.DayNames.Select((name, index) => (name, JsonDraft.Of(((int)days >> index & 1) == 1))),
            ]);
        }

        if (change.Flag is { } flag)
        {
            return JsonDraft.Of(flag);
        }

        var isNumber = existing is null ? change.IsBare : existing.Kind is JsonValueKind.Number;
        return change.Number is { } number
            ? isNumber
                ? JsonDraft.Raw(number.ToString(CultureInfo.InvariantCulture))
                : JsonDraft.Of(number.ToString($"D{change.Digits}", CultureInfo.InvariantCulture))
            : isNumber && int.TryParse(change.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var bare)
                ? JsonDraft.Raw(bare.ToString(CultureInfo.InvariantCulture))
                : JsonDraft.Of(change.Text!);
    }

    private static bool Says(JsonTextNode value, ScheduleFieldChange change)
    {
        if (change.Flag is { } flag)
        {
            return value.Boolean == flag;
        }

        var text = value.Kind is JsonValueKind.Number ? value.Raw : value.Text;
        return change.Number is { } number
            ? int.TryParse(text?.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var there) && there == number
            : string.Equals(text, change.Text, StringComparison.Ordinal)
                || (change.Text is "" && (value.Kind is JsonValueKind.Null || (text is not null && string.IsNullOrWhiteSpace(text))));
    }

    // A name that stands there twice: taking out only the one that counts would bring the other into force.
    private static JsonText Remove(JsonText text, Func<JsonText, JsonTextNode> entryOf, string key)
    {
        while (entryOf(text) is var entry && entry.Find(key) is { } member)
        {
            text = Again(text, JsonTextEdit.Remove(text, entry, entry.Members.LastIndexOf(member)));
        }

        return text;
    }

    private static JsonText Add(JsonText text, JsonTextNode container, string key, JsonDraft draft)
    {
        var rank = ScheduleKeys.Rank(key);
        var after = container
            .Members.Select((member, index) => (Rank: ScheduleKeys.Rank(member.Name), Index: index))
            .Where(member => member.Rank >= 0 && member.Rank < rank)
            .OrderBy(static member => member.Rank)
            .ThenBy(static member => member.Index)
            .Select(static member => member.Index)
            .LastOrDefault(container.Members.Length - 1);
        return Again(text, JsonTextEdit.AddMember(text, container, after, key, draft));
    }

    private static JsonText ChangeDays(JsonText text, Func<JsonText, JsonTextNode> entryOf, string key, WeekDays days)
    {
        var change = new ScheduleFieldChange(key) { Days = days };
        if (entryOf(text).Find(key) is not { } member)
        {
            return days is WeekDays.All ? text : Add(text, entryOf(text), key, Draft(change, existing: null));
        }

        if (member.Value.Kind is not JsonValueKind.Object)
        {
            return Again(text, JsonTextEdit.Replace(text, member.Value, Draft(change, existing: null)));
        }

        for (var index = 0; index < ScheduleEditReader.DayNames.Count; index++)
        {
            var name = ScheduleEditReader.DayNames[index];
            var wanted = ((int)days >> index & 1) == 1;
            var container = entryOf(text).Find(key)!.Value;
            if (container.Find(name) is { } day)
            {
                text = day.Value.Boolean == wanted ? text : Again(text, JsonTextEdit.Replace(text, day.Value, JsonDraft.Of(wanted)));
            }
            else if (wanted)
            {
                text = Again(text, JsonTextEdit.AddMember(text, container, container.Members.Length - 1, name, JsonDraft.Of(wanted)));
            }
        }

        return text;
    }

    private static JsonText Again(JsonText text, byte[] bytes) => JsonText.Read(bytes, text.File, JsonDialect.WithComments);
}
