namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>What became of a due moment. Each has exactly one; a waiting one has none yet.</summary>
public enum OccurrenceOutcome
{
    /// <summary>It started a run.</summary>
    Started,

    /// <summary>It was left out on purpose: the schedule is paused, or its work is still going on and it says skip.</summary>
    Skipped,

    /// <summary>Another occurrence does its work as well.</summary>
    Coalesced,

    /// <summary>Its moment passed while nothing could fire it, and the policy does not make up for it.</summary>
    Missed,
}
