using System.Collections.Immutable;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>What one reading of a schedule file gave. Immutable.</summary>
internal sealed class ScheduleSet
{
    internal ScheduleSet(JsonText text, bool isReadable, ImmutableArray<ScheduleEntry> entries, ImmutableArray<Diagnostic> diagnostics)
    {
        Text = text;
        IsReadable = isReadable;
        Entries = entries;
        Diagnostics = diagnostics;
        Schedules = [.. entries.Select(entry => entry.Schedule).OfType<Schedule>()];
    }

    /// <summary>The file with the places of everything in it.</summary>
    public JsonText Text { get; }

    /// <summary>
    /// Whether there is a list of schedules at all. When not, the file is broken as a whole, and what was in force before should stay so.
    /// </summary>
    public bool IsReadable { get; }

    /// <summary>Every item of the list, in the order of the file, those with errors included.</summary>
    public ImmutableArray<ScheduleEntry> Entries { get; }

    /// <summary>The schedules without errors, in the order of the file, inactive ones included. Their ids are unique.</summary>
    public ImmutableArray<Schedule> Schedules { get; }

    /// <summary>What was found, in the order of the entries.</summary>
    public ImmutableArray<Diagnostic> Diagnostics { get; }
}
