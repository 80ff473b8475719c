using System.Globalization;
using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Scheduling.Calendar;
using LoopOrchestrator.Core.Scheduling.Definition;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Scheduling.Reading;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>
/// Creates, changes and removes entries in the text of a schedule file. Only the values that are meant change, and what Roo Scheduler
/// caches there is never written. Pure: the file's content goes in and comes out.
/// </summary>
/// <param name="file">What messages call the file.</param>
/// <param name="modes">The modes that a schedule may name.</param>
/// <param name="localZone">The zone of schedules that name none.</param>
/// <param name="now">The moment of the edit.</param>
internal sealed class ScheduleFileEditor(string file, ModeCatalog modes, TimeZoneInfo localZone, DateTimeOffset now)
{
    private const int MaxIdLength = 200;

    /// <summary>Creates a schedule, or changes the one that the edit names.</summary>
    /// <returns>The new content, <see langword="null"/> when nothing is to be changed; and what was done.</returns>
    /// <exception cref="UserErrorException">
    /// The file cannot be understood, or the schedule would be wrong; the message names every reason.
    /// </exception>
    public (byte[]? Content, ScheduleSaved Result) Save(byte[]? content, ScheduleEdit edit)
    {
        var errors = new List<string>();
        var changes = ScheduleEditReader.Read(edit, errors);
        var before = ReadSet(content is null ? NewFile : WithList(content));
        var entry = edit.Id is { } given ? Find(before, CheckId(given, errors)) : null;
        var id = edit.Id ?? NewId(before);
        CheckMeaning(edit, before, entry, errors);
        var text = before.Text;
        var changed = new List<string>();
        if (entry is not null)
        {
            var index = before.Entries.IndexOf(entry);
            foreach (var change in changes)
            {
                var next = ScheduleEntryText.Change(text, tree => Items(tree)[index], change);
                if (!ReferenceEquals(next, text))
                {
                    changed.Add(change.Key);
                    text = next;
                }
            }

            text = Stamp(text, tree => Items(tree)[index], changed, edit);
        }
        else
        {
            changed.AddRange(
                changes
                    .Where(static change => change is not { Text: null, Number: null, Flag: null, Days: null })
                    .Select(static change => change.Key)
            );
            text = JsonText.Read(
                JsonTextEdit.AddItem(text, text.Root!.Find("schedules")!.Value, NewEntry(id, changes)),
                file,
                JsonDialect.WithComments
            );
        }

        var after = ReadSet(text.Bytes);
        var schedule = after.Schedules.FirstOrDefault(candidate => candidate.Id == id);
        errors.AddRange(
            after
                .Diagnostics.Where(static diagnostic => diagnostic.Severity is DiagnosticSeverity.Error)
                .Select(static diagnostic => diagnostic.Message)
                .Except(before.Diagnostics.Select(static diagnostic => diagnostic.Message), StringComparer.Ordinal)
        );
        if (errors.Count == 0 && schedule is { Active: true } && NextOccurrence.NeverFires(schedule, now) is { } never)
        {
            errors.Add($"schedule {ScheduleFields.Quote(id)} could never fire: {never}; correct that, or make it inactive");
        }

        if (errors.Count > 0)
        {
            throw new ScheduleRefusedException($"Nothing was saved, {file} is as it was. {string.Join("; ", errors)}.", errors);
        }

        var findings = after
            .Entries.Where(saved => saved.Id == id)
            .SelectMany(static saved => saved.Findings)
            .Select(static diagnostic => diagnostic.ToString())
            .ToList();
        return (
            changed.Count > 0 ? text.Bytes.ToArray() : null,
            new ScheduleSaved(id, entry is null, file, changed, findings) { Schedule = schedule }
        );
    }

    /// <summary>By what a save is told again that is cut off.</summary>
    /// <exception cref="UserErrorException">The file cannot be understood.</exception>
    public ScheduleMark Mark(byte[]? content, ScheduleEdit edit)
    {
        var set = ReadSet(content is null ? NewFile : WithList(content));
        var id = edit.Id ?? NewId(set);
        return new ScheduleMark(id, Find(set, id) is null, ScheduleMark.DigestOf(content));
    }

    /// <summary>As <see cref="Save(byte[], ScheduleEdit)"/>, under the id that was marked.</summary>
    /// <exception cref="UserErrorException">As there, or somebody else has the id that was chosen for a new schedule.</exception>
    public (byte[]? Content, ScheduleSaved Result) Save(byte[]? content, ScheduleEdit edit, ScheduleMark mark)
    {
        var (changed, result) = Save(content, edit with { Id = mark.Id });
        return edit.Id is null && !result.Created
            ? throw new UserErrorException(
                $"Nothing was saved, {file} is as it was: another schedule was made with the id '{mark.Id}' at this moment. "
                    + "Repeat the call."
            )
            : (changed, result);
    }

    /// <summary>As above behind a try that was cut off: where the file is as it was before, it is saved; else it is looked for.</summary>
    /// <exception cref="UserErrorException">As above, or it is not known whether it was saved.</exception>
    public (byte[]? Content, ScheduleSaved Result) SaveAgain(byte[]? content, ScheduleEdit edit, ScheduleMark mark)
    {
        if (ScheduleMark.DigestOf(content) == mark.File)
        {
            return Save(content, edit, mark);
        }

        var (changed, result) = Save(content, edit with { Id = mark.Id });
        if (mark.IsNew && !result.Created && (edit.Id is null || changed is null))
        {
            return (null, result with { Created = true, Changed = Save(null, edit with { Id = mark.Id }).Result.Changed });
        }

        return !mark.IsNew && changed is null
            ? (null, result)
            : throw new UserErrorException(
                $"It is not known whether the first call with this request id saved schedule '{mark.Id}': it was cut off, and {file} has "
                    + "been changed in another way since. Nothing was saved now. Look at the schedule and, for what was in the file "
                    + "before, into .loop/backups; then save what is missing with a new request id."
            );
    }

    /// <summary>Removes a schedule.</summary>
    /// <exception cref="UserErrorException">There is none of that id, or two; or the file cannot be understood.</exception>
    public byte[] Delete(byte[]? content, string id)
    {
        var set = ReadSet(content ?? NewFile);
        var ids = set.Entries.Take(20).Select(static known => $"'{TextCut.Head(known.Id ?? "", MaxIdLength)}'");
        var entry = Find(set, id)
            ?? throw new UserErrorException(
                $"There is no schedule '{id}' in {file}; nothing was deleted. Its schedules: "
                    + $"{(set.Entries.Length == 0 ? "none" : string.Join(", ", ids))}."
            );
        return JsonTextEdit.Remove(set.Text, set.Text.Root!.Find("schedules")!.Value, set.Entries.IndexOf(entry));
    }

    private static byte[] NewFile => "{\n  \"schedules\": []\n}"u8.ToArray();

    // A file that was begun by hand, with nothing in it yet.
    private byte[] WithList(byte[] content) =>
        JsonText.Read(content, file, JsonDialect.WithComments) is { Root: { Kind: JsonValueKind.Object } root } text
        && root.Find("schedules") is null
            ? JsonTextEdit.AddMember(text, root, root.Members.Length - 1, "schedules", JsonDraft.Raw("[]"))
            : content;

    private ScheduleSet ReadSet(ReadOnlyMemory<byte> content)
    {
        var set = ScheduleFile.Read(content, file, localZone);
        return set.IsReadable
            ? set
            : throw new UserErrorException($"{set.Diagnostics[0]}. Nothing was changed: correct that place, then repeat the call.");
    }

    private ScheduleEntry? Find(ScheduleSet set, string id)
    {
        var found = set.Entries.Where(entry => entry.Id == id).ToList();
        if (found.Count < 2)
        {
            return found.FirstOrDefault();
        }

        var places = found
            .Select(entry => set.Text.GetPosition(entry.Node.Find("id")!.Value.Span.Start))
            .Select(place => $"{file}:{place.Line}:{place.Column}");
        throw new UserErrorException(
            $"The id '{id}' is used by {found.Count} schedules ({string.Join(", ", places)}), so it is not clear which "
                + "one is meant; nothing was changed. Give each an id of its own."
        );
    }

    private static string CheckId(string id, List<string> errors)
    {
        if (
            string.IsNullOrWhiteSpace(id)
            || id != id.Trim()
            || id.Length > MaxIdLength
            || id == ScheduleState.AllSchedules
            || id.Any(char.IsControl)
        )
        {
            errors.Add(
                $"the id {ScheduleFields.Quote(id)} cannot be used; write 1 to {MaxIdLength} characters without white "
                    + "space at its ends, or leave it out"
            );
        }

        return id;
    }

    private string NewId(ScheduleSet set)
    {
        var number = now.ToUnixTimeMilliseconds();
        while (set.Entries.Any(entry => entry.Id == number.ToString(CultureInfo.InvariantCulture)))
        {
            number++;
        }

        return number.ToString(CultureInfo.InvariantCulture);
    }

    private void CheckMeaning(ScheduleEdit edit, ScheduleSet set, ScheduleEntry? entry, List<string> errors)
    {
        if (entry is null)
        {
            CheckNew(edit, set, errors);
        }

        if (edit.Name is not null && string.IsNullOrWhiteSpace(edit.Name))
        {
            errors.Add("name is blank");
        }

        if (edit.Mode?.Trim() is { } mode && modes.Find(mode) is null)
        {
            errors.Add(
                $"there is no mode {ScheduleFields.Quote(mode)}"
                    + $"{(modes.Nearest(mode) is { Count: > 0 } nearest ? $", nearest: {string.Join(", ", nearest)}" : "")}"
                    + $"; {ToolNames.ListModes} shows all"
            );
        }

        if (!string.IsNullOrWhiteSpace(edit.Interval) && !string.IsNullOrWhiteSpace(edit.Cron))
        {
            errors.Add("interval and cron are both given; give one of the two");
        }
        else if (!string.IsNullOrWhiteSpace(edit.Interval) && edit.Cron is null && entry?.Schedule?.Cron is not null)
        {
            errors.Add("the schedule has a cron expression, which goes before an interval; give cron as \"\" too, to take it out");
        }
    }

    private void CheckNew(ScheduleEdit edit, ScheduleSet set, List<string> errors)
    {
        List<string> missing = [];
        if (edit.Name is null)
        {
            missing.Add("name");
        }

        if (string.IsNullOrWhiteSpace(edit.Task))
        {
            missing.Add("task");
        }

        if (string.IsNullOrWhiteSpace(edit.Interval) && string.IsNullOrWhiteSpace(edit.Cron))
        {
            missing.Add("interval or cron");
        }

        if (missing.Count > 0)
        {
            var nearest = edit.Id is { } id ? NearestName.Find(id, set.Entries.Select(static known => known.Id).OfType<string>()) : null;
            errors.Add(
                (
                    edit.Id is null
                        ? "a new schedule"
                        : $"there is no schedule {ScheduleFields.Quote(edit.Id)} in "
                            + $"{file}{(nearest is null ? "" : $" ({ScheduleFields.Quote(nearest)} is nearest)")}, and a new one"
                ) + $" needs {string.Join(", ", missing)}"
            );
        }

        if (set.Entries.Length >= ScheduleFile.MaxEntries)
        {
            errors.Add($"{file} holds {set.Entries.Length} schedules already, and more than {ScheduleFile.MaxEntries} are not read");
        }
    }

    private JsonText Stamp(JsonText text, Func<JsonText, JsonTextNode> entryOf, List<string> changed, ScheduleEdit edit)
    {
        if (changed.Count == 0)
        {
            return text;
        }

        if (changed.Contains("mode", StringComparer.Ordinal) && entryOf(text).Find("modeDisplayName") is not null)
        {
            text = ScheduleEntryText.Change(
                text,
                entryOf,
                new ScheduleFieldChange("modeDisplayName") { Text = DisplayName(edit.Mode!.Trim()) }
            );
        }

        return ScheduleEntryText.Change(text, entryOf, new ScheduleFieldChange("updatedAt") { Text = Now });
    }

    // Every field that Roo Scheduler's form writes, with what the form writes where nothing is given.
    private JsonDraft NewEntry(string id, List<ScheduleFieldChange> changes)
    {
        var isCron = changes.Exists(static change => change is { Key: "cron", Text: not null });
        var mode = changes.Find(static change => change.Key == "mode")?.Text ?? "code";
        List<ScheduleFieldChange> fields =
        [
            new("id") { Text = id },
            new("name"),
            new("mode") { Text = mode },
            new("taskInstructions"),
            new("scheduleType") { Text = "time" },
            new("timeInterval"),
            new("timeUnit"),
            new("selectedDays") { Days = WeekDays.All },
            new("startDate") { Text = "" },
            new("startHour") { Text = "" },
            new("startMinute") { Number = 0, Digits = 2 },
            new("expirationDate") { Text = "" },
            new("expirationHour") { Number = 0, Digits = 2 },
            new("expirationMinute") { Number = 0, Digits = 2 },
            new("requireActivity") { Flag = false },
            new("active") { Flag = true },
            new("taskInteraction") { Text = "wait" },
            new("inactivityDelay") { Number = 10 },
            .. changes.Where(static change =>
                change.Key is "cron" or "timeZone" or "misfire" or "maxLateness" or "jitter" or "timeoutSeconds"
            ),
            new("modeDisplayName") { Text = DisplayName(mode) },
            new("createdAt") { Text = Now },
            new("updatedAt") { Text = Now },
        ];
        return JsonDraft.Object([
            .. fields
                .Select(field => changes.Find(change => change.Key == field.Key) ?? field)
                .Where(field =>
                    field is not { Text: null, Number: null, Flag: null, Days: null }
                    && !(isCron && field.Key is "timeInterval" or "timeUnit")
                )
                .Select(static field => (field.Key, ScheduleEntryText.Draft(field, existing: null))),
        ]);
    }

    private string DisplayName(string mode) => modes.Find(mode)?.Name ?? mode;

    private string Now => now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static System.Collections.Immutable.ImmutableArray<JsonTextNode> Items(JsonText text) =>
        text.Root!.Find("schedules")!.Value.Items;
}
