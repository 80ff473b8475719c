using System.Security.Claims;

namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>What a client that has shown a token is let in as.</summary>
internal sealed class AccessGrant
{
    /// <summary>The type of the claim that holds the scope.</summary>
    private const string ScopeClaim = "scope";

    /// <param name="id">
    /// Of the token: another one of the same name has another. Of a subject of an issuer: all of its tokens have the same.
    /// </param>
    /// <param name="name">What the token is called; told in refusals and in the audit log.</param>
    /// <param name="scope">What it lets its holder do.</param>
    /// <param name="expires">When it stops counting; <see langword="null"/> for never.</param>
    /// <param name="issuerScopes">
    /// The words for scopes, the least first, where somebody else issued the token; <see langword="null"/> for one of our own.
    /// </param>
    public AccessGrant(string id, string name, AccessScope scope, DateTimeOffset? expires, IReadOnlyList<string>? issuerScopes = null)
    {
        IssuerScopes = issuerScopes;
        Id = id;
        Name = name;
        Scope = scope;
        Expires = expires;
        User = new Holder(this);
    }

    public string Id { get; }

    public string Name { get; }

    public AccessScope Scope { get; }

    public DateTimeOffset? Expires { get; }

    /// <summary>How the issuer calls our scopes, the least first; <see langword="null"/> where the token is one of our own.</summary>
    public IReadOnlyList<string>? IssuerScopes { get; }

    /// <summary>The same as the web server and the SDK know callers: a session of one is closed to every other.</summary>
    public ClaimsPrincipal User { get; }

    /// <summary>What a caller was let in as; <see langword="null"/> for one who needed no token, and may do everything.</summary>
    public static AccessGrant? Of(ClaimsPrincipal? user) => (user as Holder)?.Grant;

    private sealed class Holder(AccessGrant grant)
        : ClaimsPrincipal(
            new ClaimsIdentity(
                [
                    new Claim(ClaimTypes.NameIdentifier, grant.Id),
                    new Claim(ClaimTypes.Name, grant.Name),
                    new Claim(ScopeClaim, grant.Scope.Name()),
                ],
                authenticationType: "Bearer"
            )
        )
    {
        public AccessGrant Grant => grant;
    }
}
