using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Finds the repository that holds the files of a workspace.</summary>
internal static class WorkspaceRepository
{
    // check-ignore takes every path literally, and refuses to be told so.
    private static readonly Dictionary<string, string> NoMagic = new(StringComparer.Ordinal) { ["GIT_LITERAL_PATHSPECS"] = "0" };

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
        var repository = await SnapshotRepository.OpenAsync(paths, user, cancellationToken);
        var isIgnored =
            repository.Prefix.Text is { Length: > 0 } prefix
            && (
                await user.TryRunAsync(["-C", user.Root, "check-ignore", "-q", "--", prefix], NoMagic, cancellationToken: cancellationToken)
            ).Ok;
        return isIgnored ? null : repository;
    }
}
