namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>What came of entering due moments.</summary>
/// <param name="StartedRunId">The run that was added.</param>
/// <param name="InterruptRunId">The run that has to end first because the schedule interrupts.</param>
/// <param name="Outcome">The outcome of the last moment; <see langword="null"/> when it waits.</param>
internal sealed record FireResult(string? StartedRunId, string? InterruptRunId, OccurrenceOutcome? Outcome);
