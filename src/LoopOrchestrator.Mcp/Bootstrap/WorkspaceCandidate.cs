using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Served;

namespace LoopOrchestrator.Mcp.Bootstrap;

/// <summary>One of several workspaces with the options that it would be served with. Looks, and changes nothing.</summary>
/// <param name="Workspace">Which one.</param>
/// <param name="Options">Its options.</param>
/// <param name="Problems">What is wrong with them and with its configuration.</param>
internal sealed record WorkspaceCandidate(ServedWorkspace Workspace, ServerOptions Options, IReadOnlyList<ConfigurationProblem> Problems)
{
    /// <summary>Whether it can be served.</summary>
    public bool IsValid => !Problems.Any(static problem => problem.IsError);

    /// <summary>Why it cannot be, in one text.</summary>
    public string Trouble => string.Join(' ', Problems.Where(static problem => problem.IsError));

    /// <summary>What is worth a warning, a line each.</summary>
    public IReadOnlyList<string> Warnings =>
        [.. Problems.Where(static problem => !problem.IsError).Select(static problem => problem.ToString())];

    /// <summary>As the one whose configuration says how the server is reached.</summary>
    /// <param name="workspace">Which one.</param>
    /// <param name="commandLine">What was given to the server.</param>
    public static WorkspaceCandidate OfServer(ServedWorkspace workspace, CommandLineValues commandLine) =>
        Of(workspace, commandLine with { Workspace = workspace.Folder, MoreWorkspaces = [], AllWorkspaces = false });

    /// <summary>
    /// As one that is served beside it. How the server is reached is decided, and its own file has no say in that; but a file with a token
    /// or key that lies in it would be readable by its agents, and is refused as in a server of its own.
    /// </summary>
    /// <param name="workspace">Which one.</param>
    /// <param name="server">The options of the server.</param>
    public static WorkspaceCandidate Beside(ServedWorkspace workspace, ServerOptions server) =>
        Of(
            workspace,
            new CommandLineValues
            {
                Workspace = workspace.Folder,
                Mode = "stdio",
                Host = "127.0.0.1",
                Port = "0",
                Toolsets = server.Toolsets.Value,
                TokenFile = server.TokenFile.Value,
                Certificate = server.Http.Certificate.Value?.Certificate,
                CertificateKey = server.Http.Certificate.Value?.Key,
                TrustWorkspace = server.TrustWorkspace.Value == true,
            }
        );

    private static WorkspaceCandidate Of(ServedWorkspace workspace, CommandLineValues commandLine)
    {
        var resolved = ServerOptionsResolver.FromProcess(commandLine);
        var diagnostics = resolved.IsValid
            ? WorkspaceFactory.ReadConfiguration(resolved.Options, new WorkspacePaths(workspace.Folder)).Diagnostics
            : [];
        return new WorkspaceCandidate(workspace, resolved.Options, ConfigurationProblems.Join(resolved.Problems, diagnostics));
    }
}
