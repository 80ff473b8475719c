using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Served;

namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>What this process was started as; the same for its whole life.</summary>
/// <param name="Options">The options in force.</param>
/// <param name="Mode">The transport, decided: never <see cref="TransportMode.Auto"/>.</param>
/// <param name="Paths">The workspace's files.</param>
/// <param name="Trust">Whether anything of the workspace may be executed, and who said so.</param>
/// <param name="Warnings">What of the host's options was left out or deserves a look, a line each, fit to be shown.</param>
internal sealed record ServerContext(
    ServerOptions Options,
    TransportMode Mode,
    WorkspacePaths Paths,
    TrustDecision Trust,
    IReadOnlyList<string> Warnings
)
{
    /// <summary>All workspaces of a server that serves several; <see langword="null"/> in a server of one.</summary>
    public ServedWorkspaces? Served { get; init; }

    /// <summary>What this one is called among them.</summary>
    public string? ServedName { get; init; }

    /// <summary>What was given on the command line of a server of several: what is opened later is judged by it again.</summary>
    public CommandLineValues CommandLine { get; init; } = new();
}
