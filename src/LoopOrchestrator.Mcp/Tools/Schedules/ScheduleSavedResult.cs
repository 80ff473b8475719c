using LoopOrchestrator.Core.Scheduling.Editing;

namespace LoopOrchestrator.Mcp.Tools.Schedules;

/// <summary>The answer of <c>save_schedule</c>.</summary>
internal sealed record ScheduleSavedResult(
    string Id,
    bool Created,
    string File,
    IReadOnlyList<string> Changed,
    DateTimeOffset? NextOccurrence,
    string? Backup,
    IReadOnlyList<string>? Findings
)
{
    public static ScheduleSavedResult From(ScheduleSaved saved) =>
        new(
            saved.Id,
            saved.Created,
            saved.File,
            saved.Changed,
            saved.NextOccurrence,
            saved.Backup,
            saved.Diagnostics.Count > 0 ? saved.Diagnostics : null
        );
}
