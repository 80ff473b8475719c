namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>What an occurrence comes from.</summary>
public enum OccurrenceOrigin
{
    /// <summary>A due moment of its schedule.</summary>
    Schedule,

    /// <summary>A person or agent that triggered the schedule; it belongs to no due moment.</summary>
    Hand,
}
