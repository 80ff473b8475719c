namespace LoopOrchestrator.Core.Agents.Supervision.Files;

/// <summary>
/// What an outcome in a folder must show to count, as the database knows it. That its supervisor is gone is asked beside it.
/// </summary>
internal sealed class OutcomeProof
{
    private readonly string? _hash;
    private readonly bool _isNeeded;

    private OutcomeProof(string? hash, bool isNeeded)
    {
        _hash = hash;
        _isNeeded = isNeeded;
    }

    /// <summary>
    /// Nothing: for what a program of the version before began, which had no secrets, for what the database knows only from the files
    /// themselves (and is marked as unverified), and where nothing depends on the answer.
    /// </summary>
    public static OutcomeProof NotNeeded { get; } = new(hash: null, isNeeded: false);

    /// <summary>No outcome counts: nothing was ordered there.</summary>
    public static OutcomeProof Impossible { get; } = new(hash: null, isNeeded: true);

    /// <summary>The secret with this hash; where the database has none, no outcome counts.</summary>
    public static OutcomeProof Of(string? hash) => hash is null ? Impossible : new(hash, isNeeded: true);

    /// <summary>Whether an outcome shows it.</summary>
    public bool IsShownBy(SupervisorOutcome outcome) =>
        !_isNeeded || (_hash is not null && outcome.Secret is { } secret && SupervisorStart.HashOf(secret) == _hash);
}
