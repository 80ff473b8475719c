namespace LoopOrchestrator.Mcp.Configuration;

/// <summary>The options in force, each with where it came from.</summary>
/// <param name="Mode">As configured; <see cref="TransportMode.Auto"/> is decided by <see cref="Bootstrap.ModeDetector"/>.</param>
/// <param name="Host">An IP address or <c>localhost</c>; default 127.0.0.1.</param>
/// <param name="Port">0 takes a free port; default 8080.</param>
/// <param name="Workspace">The workspace's folder, absolute; default the current folder.</param>
/// <param name="ConfigFile">
/// The configuration file, absolute; default <c>mcp_startup.json</c> in the workspace, which may be absent.
/// </param>
/// <param name="TrustWorkspace">
/// <see langword="null"/> where neither option nor variable says anything; then the recorded trust decides.
/// </param>
/// <param name="TokenFile">
/// The file with the access tokens of HTTP clients: as named, else the user's own list where there is one. <see langword="null"/> means
/// that none is asked for, until there is such a list.
/// </param>
/// <param name="Toolsets">The groups of tools to serve, as <see cref="ToolsetSelection"/> takes them; default <c>default</c>.</param>
internal sealed record ServerOptions(
    Sourced<TransportMode> Mode,
    Sourced<string> Host,
    Sourced<int> Port,
    Sourced<string> Workspace,
    Sourced<string> ConfigFile,
    Sourced<bool?> TrustWorkspace,
    Sourced<string?> TokenFile,
    Sourced<string> Toolsets
)
{
    /// <summary>Where the user's own list of tokens is, or would be.</summary>
    public string? UserTokens { get; init; }

    /// <summary>Whether an open session of Claude Code is told of hand-offs by that client's channel, an experiment of it.</summary>
    public Sourced<bool> ClaudeChannel { get; init; } = new(false, "default");

    /// <summary>How HTTP is served beyond that.</summary>
    public HttpSettings Http { get; init; } = HttpSettings.Standard;

    /// <summary>The name in the register by which the workspace was named; <see langword="null"/> where it was not.</summary>
    public string? WorkspaceName { get; init; }

    /// <summary>A folder beside the current one that reads like that name, and is another workspace; else <see langword="null"/>.</summary>
    public string? HiddenFolder { get; init; }

    /// <summary>
    /// Which workspace is meant, where somebody may be mistaken: nobody named it and it is not the current folder, or its name is that of a
    /// folder here too; else <see langword="null"/>.
    /// </summary>
    public string? WorkspaceNote =>
        Workspace.Source.StartsWith(NearestWorkspace.Source, StringComparison.Ordinal)
            ? $"workspace: {SafeText.Escape(Workspace.Value)} (the nearest one upward; --workspace DIR names another)"
        : HiddenFolder is not null
            ? $"workspace: {SafeText.Escape(Workspace.Value)} (registered as '{WorkspaceName}'; the folder here is "
                + $"--workspace .{Path.DirectorySeparatorChar}{WorkspaceName})"
        : null;
}
