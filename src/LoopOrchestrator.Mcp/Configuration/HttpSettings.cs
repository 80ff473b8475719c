namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>How HTTP is served, beyond address, port and token. None of it is ever taken from a file of the workspace.</summary>
internal sealed record HttpSettings
{
    private const string Default = "default";

    /// <summary>What is in force where nothing was said.</summary>
    public static HttpSettings Standard { get; } = new();

    /// <summary>Further names that the server answers to, as <see cref="AllowedHost"/> takes them.</summary>
    public Sourced<IReadOnlyList<AllowedHost>> AllowedHosts { get; init; } = new([], Default);

    /// <summary>The certificate with which the server speaks TLS; <see langword="null"/> for plain HTTP.</summary>
    public Sourced<CertificateFiles?> Certificate { get; init; } = new(null, Default);

    /// <summary>Whose access tokens count beside our own; <see langword="null"/> for nobody's.</summary>
    public Sourced<OAuthSettings?> OAuth { get; init; } = new(null, Default);

    /// <summary>
    /// How many requests a minute one token, or one address without a token, may send; 0 for no limit, <see langword="null"/> for the
    /// defaults, which differ for the two.
    /// </summary>
    public Sourced<int?> RequestsPerMinute { get; init; } = new(null, Default);

    /// <summary>How many connections there are at the most.</summary>
    public Sourced<int> Connections { get; init; } = new(512, Default);

    /// <summary>The most bytes of a request's body.</summary>
    public Sourced<int> MaxRequestBytes { get; init; } = new(30_000_000, Default);
}
