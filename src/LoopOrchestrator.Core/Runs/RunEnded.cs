namespace LoopOrchestrator.Core.Runs;

/// <summary>What came of the end of an attempt.</summary>
/// <param name="Run">The run as it stands now: ended, or queued again.</param>
/// <param name="EscalationId">The escalation that this end has caused.</param>
internal sealed record RunEnded(Run Run, long? EscalationId);
