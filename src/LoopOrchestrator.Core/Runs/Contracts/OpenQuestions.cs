namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>The runs of a schedule, or of a mode without one, that wait for answers.</summary>
/// <param name="ScheduleId">The schedule; <see langword="null"/> for runs of none.</param>
/// <param name="Mode">The mode; with a schedule that of its latest run.</param>
/// <param name="LatestRunId">The latest of them.</param>
/// <param name="Count">How many there are.</param>
internal sealed record OpenQuestions(string? ScheduleId, string Mode, string LatestRunId, long Count);
