using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Mcp.Health;

/// <summary>The workspace's folder is still there.</summary>
internal sealed class WorkspaceReadiness(WorkspacePaths paths) : IReadinessCheck
{
    public string Name => "workspace";

    public ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(Directory.Exists(paths.Root)
            ? null
            : $"the workspace '{paths.Root}' is gone; bring it back, or restart the server with another --workspace.");
}
