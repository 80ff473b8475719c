namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>Whose access tokens let clients in beside our own: an authorization server of the user's.</summary>
/// <param name="Issuer">As its tokens write it in <c>iss</c>, to the letter: a slash at its end is one.</param>
/// <param name="Audiences">What a token has in <c>aud</c> that is meant for this server; at least one.</param>
/// <param name="KeysAddress">Where the issuer's keys are; <see langword="null"/> where the issuer's own metadata says it.</param>
/// <param name="Scopes">The issuer's words for our scopes, the least first.</param>
internal sealed record OAuthSettings(string Issuer, IReadOnlyList<string> Audiences, Uri? KeysAddress, IReadOnlyList<string> Scopes)
{
    /// <summary>The words where nothing else was said.</summary>
    public static IReadOnlyList<string> StandardScopes { get; } = [.. AccessScopes.Names.Select(static name => $"loop:{name}")];

    /// <summary>
    /// The address under which clients know this server, where the user named it; what they ask the issuer for a token for (RFC 8707).
    /// </summary>
    public Uri? Resource { get; } =
        Audiences
            .Select(static one =>
                Uri.TryCreate(one, UriKind.Absolute, out var address) && address.Scheme is "http" or "https" ? address : null
            )
            .FirstOrDefault(static address => address is not null);

    /// <summary>What is wrong with an address from which keys or their place are fetched; <see langword="null"/> for nothing.</summary>
    public static string? RefuseAddress(string text, out Uri? address)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out address) || address.Scheme is not ("http" or "https"))
        {
            return $"'{text}' is no address; write it whole: https://HOST/PATH.";
        }

        return address.UserInfo.Length > 0 || address.Fragment.Length > 0
                ? $"'{text}' has a name, a password or a fragment in it; leave them out."
            : address.Scheme == "http" && !IsLoopback(address)
                ? $"'{text}' is fetched without TLS, so anybody on the way could let themselves in; use https. On loopback http is enough."
            : null;
    }

    private static bool IsLoopback(Uri address) => HostName.IsLoopback(address.Host.Trim('[', ']'));
}
