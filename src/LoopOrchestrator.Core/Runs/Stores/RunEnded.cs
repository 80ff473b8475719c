using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>What came of the end of an attempt.</summary>
/// <param name="Run">The run as it stands now: ended, or queued again.</param>
/// <param name="EscalationId">The escalation that this end has caused.</param>
/// <param name="EndsSubRuns">Whether runs that it asked for are to end with it.</param>
internal sealed record RunEnded(Run Run, long? EscalationId, bool EndsSubRuns);
