using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Json;
using LoopOrchestrator.Core.Scheduling.Definition;

namespace LoopOrchestrator.Core.Scheduling.Reading;

/// <summary>One item of the file's <c>schedules</c>.</summary>
/// <param name="Id">Its id, when it has one that can be read; not unique where the file repeats one.</param>
/// <param name="Node">Where it stands.</param>
/// <param name="Schedule">What it says; <see langword="null"/> when an error keeps it from being in force.</param>
internal sealed record ScheduleEntry(string? Id, JsonTextNode Node, Schedule? Schedule)
{
    /// <summary>What is odd about this entry.</summary>
    public IReadOnlyList<Diagnostic> Findings { get; init; } = [];
}
