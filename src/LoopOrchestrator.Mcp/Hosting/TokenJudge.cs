using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting.OAuth;
using LoopOrchestrator.Mcp.Pages.Access;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>Judges tokens by our own list, and by an authorization server of the user's where there is one.</summary>
/// <param name="tokens">The tokens of which clients must show one; <see langword="null"/> where they need none.</param>
/// <param name="issuer">Whose access tokens count beside ours; <see langword="null"/> for nobody's.</param>
internal sealed class TokenJudge(TokenFile? tokens, IssuerAccess? issuer) : ITokenJudge
{
    private const string Needed = "This server needs its access token: send 'Authorization: Bearer TOKEN'.";

    /// <inheritdoc/>
    public bool IsNeeded => issuer is not null || tokens is { IsRequired: true };

    /// <inheritdoc/>
    public async Task<TokenJudgement> JudgeAsync(string word, CancellationToken cancellationToken)
    {
        string? expired = null;
        if (tokens?.Find(word, out expired) is { } own)
        {
            return Accept(own, () => tokens.StillCounts(own));
        }

        if (issuer is not null && await issuer.JudgeAsync(word, cancellationToken) is { } verdict)
        {
            if (verdict.Grant is { } grant)
            {
                return Accept(grant, () => issuer.MayStay(grant));
            }

            if (expired is null)
            {
                return new TokenJudgement(null, Never, verdict.Refusal, verdict.Status, verdict.RetryAfter);
            }
        }

        return Refuse(
            expired is null ? Needed : $"The token '{expired}' has expired. A new one is made by 'loop-orchestrator token create NAME'."
        );
    }

    /// <summary>What is said to who shows none.</summary>
    public static TokenJudgement Missing { get; } = Refuse(Needed);

    private static TokenJudgement Accept(AccessGrant grant, Func<bool> stillCounts) =>
        new(grant, stillCounts, "", StatusCodes.Status200OK, TimeSpan.Zero);

    private static TokenJudgement Refuse(string reason) => new(null, Never, reason, StatusCodes.Status401Unauthorized, TimeSpan.Zero);

    private static bool Never() => false;
}
