namespace LoopOrchestrator.Core.Scheduling.Editing;

/// <summary>What a deletion did; it is on disk.</summary>
/// <param name="Id">The schedule.</param>
/// <param name="File">The file, relative to the workspace.</param>
/// <param name="Backup">Where the replaced bytes are, relative to the workspace.</param>
/// <param name="Runs">Runs of it that are queued or going on: they are left, and can be cancelled.</param>
public sealed record ScheduleDeleted(string Id, string File, string Backup, IReadOnlyList<string> Runs);
