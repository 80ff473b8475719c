namespace LoopOrchestrator.Core.Scheduling.Ledger;

/// <summary>What kind of cause a pause has.</summary>
internal enum PausedBy
{
    /// <summary>A person, or an agent that was told to.</summary>
    Person,

    /// <summary>A step that failed again and again.</summary>
    Escalation,

    /// <summary>A limit of the budget.</summary>
    Budget,
}
