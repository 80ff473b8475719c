namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>A schedule of which occurrences wait.</summary>
/// <param name="ScheduleId">The schedule.</param>
/// <param name="IsReady">Whether one of them waits for its turn only, and not for its <c>onlyIf</c> check.</param>
internal sealed record WaitingSchedule(string ScheduleId, bool IsReady);
