namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>How an attempt is held, which decides what keeps the hold alive and who may report.</summary>
public enum LeaseKind
{
    /// <summary>A hand-off that was claimed: its holder shows the token, and is to be heard of within the lease.</summary>
    Claim,

    /// <summary>
    /// A hand-off that a client took for itself: it is kept while that client's process or session lives, and reported from there without
    /// the token.
    /// </summary>
    Client,

    /// <summary>The run of an agent program: only that program was given the token. It ends with the program, never by silence.</summary>
    Agent,
}
