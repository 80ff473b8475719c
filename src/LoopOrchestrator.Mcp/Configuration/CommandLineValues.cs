namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>
/// What was given on the command line, as text: it is judged together with the other sources, so that all errors come at once.
/// </summary>
internal sealed record CommandLineValues
{
    public string? Mode { get; init; }

    public string? Host { get; init; }

    public string? Port { get; init; }

    /// <summary>The workspace, or the first of several.</summary>
    public string? Workspace { get; init; }

    /// <summary>The workspaces behind the first one, of a server that serves several.</summary>
    public IReadOnlyList<string> MoreWorkspaces { get; init; } = [];

    /// <summary>Whether all registered workspaces are served. The option is a flag: its absence says nothing.</summary>
    public bool AllWorkspaces { get; init; }

    public string? Config { get; init; }

    public string? TokenFile { get; init; }

    public string? Toolsets { get; init; }

    public string? AllowedHosts { get; init; }

    public string? Certificate { get; init; }

    public string? CertificateKey { get; init; }

    public string? OAuthIssuer { get; init; }

    public string? OAuthAudience { get; init; }

    /// <inheritdoc cref="TrustWorkspace"/>
    public bool ClaudeChannel { get; init; }

    /// <summary>The option is a flag: its absence says nothing.</summary>
    public bool TrustWorkspace { get; init; }
}
