using LoopOrchestrator.Mcp.Configuration;

namespace LoopOrchestrator.Mcp.Hosting.OAuth;

/// <summary>What became of an access token of an issuer.</summary>
/// <param name="Grant">What its subject is let in as; <see langword="null"/> where it is not let in.</param>
/// <param name="Refusal">Why not, in words for whoever has sent it.</param>
/// <param name="Status">The HTTP status of the refusal.</param>
internal sealed record TokenVerdict(AccessGrant? Grant, string Refusal, int Status)
{
    /// <summary>After what time it may be known, where it is not now.</summary>
    public TimeSpan RetryAfter { get; private init; }

    public static TokenVerdict Accept(AccessGrant grant) => new(grant, string.Empty, 200);

    /// <summary>The token is not good; another one may be.</summary>
    public static TokenVerdict Refuse(string reason) => new(null, reason, 401);

    /// <summary>The token is good, and lets its subject do nothing here.</summary>
    public static TokenVerdict TooLittle(string reason) => new(null, reason, 403);

    /// <summary>Nobody knows whether the token is good.</summary>
    /// <param name="reason">Why, in words for whoever has sent it.</param>
    /// <param name="retryAfter">After what time it is worth to ask again.</param>
    public static TokenVerdict Unknown(string reason, TimeSpan retryAfter) => new(null, reason, 503) { RetryAfter = retryAfter };
}
