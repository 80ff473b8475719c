using LoopOrchestrator.Core.Diagnostics;

namespace LoopOrchestrator.Core.Status;

/// <summary>All schedules at one moment. Immutable.</summary>
/// <param name="Schedules">Where each stands, in the order of the file.</param>
/// <param name="File">The file that they stand in, as it is shown to people.</param>
/// <param name="Diagnostics">What is wrong in it.</param>
public sealed record ScheduleOverview(IReadOnlyList<ScheduleStatus> Schedules, string File, IReadOnlyList<Diagnostic> Diagnostics);
