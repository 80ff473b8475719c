using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Workspaces;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Finds the repository that holds the files of a workspace.</summary>
internal static class WorkspaceRepository
{
    /// <summary>The repository, ready for snapshots; <see langword="null"/> where there is none, or no git.</summary>
    /// <exception cref="GitException">There is one, and git failed in it.</exception>
    public static async Task<SnapshotRepository?> OpenAsync(WorkspacePaths paths, TimeProvider time, CancellationToken cancellationToken)
    {
        StateFolder.Ensure(paths);
        var (user, _) = await GitRepository.FindAsync(paths.Root, time, cancellationToken);
        if (user is null)
        {
            return null;
        }

        // A workspace in a folder that its surrounding repository ignores is none of that repository's files.
        var isIgnored = !user.IsTop && (await user.TryRunAsync(["check-ignore", "-q", "."], cancellationToken: cancellationToken)).Ok;
        return isIgnored ? null : await SnapshotRepository.OpenAsync(paths, user, cancellationToken);
    }
}
