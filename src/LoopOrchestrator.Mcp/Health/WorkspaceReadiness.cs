using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Mcp.Health;

/// <summary>The workspace's folder is there, and what happens can be recorded in it.</summary>
internal sealed class WorkspaceReadiness(WorkspacePaths paths) : IReadinessCheck
{
    public string Name => "workspace";

    public ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(WorkspaceAccess.FindProblem(paths) switch
        {
            null => null,
            var problem when !Directory.Exists(paths.Root) => $"{problem}; bring it back, or restart the server with another --workspace.",
            var problem => $"nothing can be recorded: {problem}.",
        });
}
