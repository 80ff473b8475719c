namespace LoopOrchestrator.Core.Runs.Contracts;

/// <summary>Who holds a running attempt, as the store knows it. The token itself is known to the holder alone.</summary>
/// <param name="Token">What is kept of the token (see <see cref="LeaseTokens"/>).</param>
public sealed record RunLease(string Token)
{
    /// <summary>
    /// How it is held; <see langword="null"/> for a claim that was made by version 0.1.0, which goes on by the rules of that version.
    /// </summary>
    public LeaseKind? Kind { get; init; }

    /// <summary>The client that holds it (see <see cref="RunCaller.Owner"/>), where it is known.</summary>
    public string? Owner { get; init; }

    /// <summary>
    /// For how long its holder has not been heard of, as far as somebody was there to hear; see <see cref="LeaseClock"/>.
    /// </summary>
    public TimeSpan Idle { get; init; }

    /// <summary>Since when the client that holds it is known to be gone.</summary>
    public DateTimeOffset? GoneSince { get; init; }

    /// <summary>Whether it ends when its holder is silent for too long.</summary>
    internal bool Expires => Kind != LeaseKind.Agent;
}
