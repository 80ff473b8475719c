using System.Collections.Immutable;
using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;

namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>
/// Reads <c>schedules.json</c> in Roo Scheduler's format, with the tolerances that files written by its form, by hand and by
/// other programs need. Nothing throws for what a file holds, and one wrong entry hides no other.
/// </summary>
internal static class ScheduleFile
{
    /// <summary>Entries beyond this are reported and not read: each costs memory, and a file like that is a mistake.</summary>
    public const int MaxEntries = 1000;

    /// <summary>Reads a file.</summary>
    /// <param name="utf8">Its bytes; comments and trailing commas are accepted. They must not change afterwards.</param>
    /// <param name="displayName">What findings call the file.</param>
    /// <param name="localZone">The zone of schedules that name none; <see cref="TimeProvider.LocalTimeZone"/>.</param>
    public static ScheduleSet Read(ReadOnlyMemory<byte> utf8, string displayName, TimeZoneInfo localZone)
    {
        ArgumentNullException.ThrowIfNull(localZone);
        var text = JsonText.Read(utf8, displayName, JsonDialect.WithComments);
        if (text.Root is null)
        {
            return new(text, isReadable: false, [], [text.Problem!]);
        }

        if (text.Root.Find("schedules")?.Value is not { Kind: JsonValueKind.Array } list)
        {
            var at = text.Root.Find("schedules")?.Value.Span.Start ?? text.Root.Span.Start;
            return new(
                text,
                isReadable: false,
                [],
                [
                    text.DiagnosticAt(
                        DiagnosticSeverity.Error,
                        at,
                        "there is no list of schedules; the file has to look like { \"schedules\": [ … ] }"
                    ),
                ]
            );
        }

        var diagnostics = ImmutableArray.CreateBuilder<Diagnostic>();
        var entries = ImmutableArray.CreateBuilder<ScheduleEntry>();
        var firstUses = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var node in list.Items.Take(MaxEntries))
        {
            var before = diagnostics.Count;
            var fields = new ScheduleFields(text, node, entries.Count + 1, diagnostics);
            var schedule = node.Kind is JsonValueKind.Object ? ScheduleEntryReader.Read(fields, localZone) : null;
            if (node.Kind is not JsonValueKind.Object)
            {
                fields.Report(
                    DiagnosticSeverity.Error,
                    node.Span.Start,
                    $"this is {ScheduleFields.Describe(node)}, not an object; remove it, or write a schedule in braces"
                );
            }
            else if (fields.Id is { } id && !firstUses.TryAdd(id, node.Span.Start))
            {
                fields.Report(
                    DiagnosticSeverity.Error,
                    node.Find("id")!.Value.Span.Start,
                    $"the id is used already in line {text.GetPosition(firstUses[id]).Line}; give this one an id of its own"
                );
                schedule = null;
            }

            entries.Add(new(fields.Id, node, schedule) { Findings = [.. diagnostics.Skip(before)] });
        }

        if (list.Items.Length > MaxEntries)
        {
            diagnostics.Add(
                text.DiagnosticAt(
                    DiagnosticSeverity.Error,
                    list.Items[MaxEntries].Span.Start,
                    $"the file has {list.Items.Length} schedules; those from here on are not read (at most {MaxEntries})"
                )
            );
        }

        return new(text, isReadable: true, entries.ToImmutable(), diagnostics.ToImmutable());
    }
}
