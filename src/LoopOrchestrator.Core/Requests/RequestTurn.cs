namespace LoopOrchestrator.Core.Requests;

/// <summary>One try to carry out a call.</summary>
/// <param name="AskedAt">When it was asked for first; <see langword="null"/> for a call without a request id.</param>
/// <param name="Note">By what its effect is told again.</param>
/// <param name="IsAgain">Whether an earlier try was cut off, so that its effect may be there.</param>
internal sealed record RequestTurn(DateTimeOffset? AskedAt, string? Note, bool IsAgain)
{
    /// <summary>A call that nobody repeats.</summary>
    public static RequestTurn Only { get; } = new(AskedAt: null, Note: null, IsAgain: false);
}
