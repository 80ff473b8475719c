using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Mcp.Health;

/// <summary>The workspace's folder is there, and what happens can be recorded in it.</summary>
internal sealed class WorkspaceReadiness(WorkspacePaths paths, Workspace workspace) : IReadinessCheck
{
    public string Name => "workspace";

    public ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            WorkspaceAccess.FindProblem(paths) switch
            {
                null when workspace.IsStateGone =>
                    $"{paths.Display(paths.State)} was removed while this server works; it is put back within moments, "
                        + "and status says what is gone.",
                null => null,
                var problem when !Directory.Exists(paths.Root) =>
                    $"{problem}; bring it back, or restart the server with another --workspace.",
                var problem => $"nothing can be recorded: {problem}.",
            }
        );
}
