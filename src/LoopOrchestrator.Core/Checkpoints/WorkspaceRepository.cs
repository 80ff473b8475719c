using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>The repository that holds the files of a workspace, ready for snapshots.</summary>
/// <param name="Repository">It; <see langword="null"/> where there is none, or no git.</param>
/// <param name="Why">Why there is none, in a phrase.</param>
/// <param name="Absence">The same as a kind.</param>
internal sealed record WorkspaceRepository(SnapshotRepository? Repository, string Why, GitAbsence Absence)
{
    // check-ignore takes every path literally, and refuses to be told so.
    private static readonly Dictionary<string, string> NoMagic = new(StringComparer.Ordinal) { ["GIT_LITERAL_PATHSPECS"] = "0" };

    /// <summary>Looks for it.</summary>
    /// <param name="toWrite">Whether files of the work tree are read or written; else only objects and references.</param>
    /// <exception cref="GitException">There is one, and git failed in it.</exception>
    public static async Task<WorkspaceRepository> OpenAsync(
        WorkspacePaths paths,
        TimeProvider time,
        bool toWrite,
        CancellationToken cancellationToken
    )
    {
        StateFolder.Ensure(paths);
        if (LostRepository.Find(paths) is { } lost)
        {
            // A repository around it that git finds now is another one, with other paths.
            return new WorkspaceRepository(null, lost, GitAbsence.Lost);
        }

        var (user, why, absence) = await GitRepository.FindAsync(paths.Root, time, cancellationToken);
        if (user is null)
        {
            return new WorkspaceRepository(null, why!, absence);
        }

        // A workspace in a folder that its surrounding repository ignores is none of that repository's files.
        var repository = await SnapshotRepository.OpenAsync(paths, user, toWrite, cancellationToken);
        var isIgnored =
            repository.Prefix.Text is { Length: > 0 } prefix
            && (
                await user.TryRunAsync(["-C", user.Root, "check-ignore", "-q", "--", prefix], NoMagic, cancellationToken: cancellationToken)
            ).Ok;
        return isIgnored
            ? new WorkspaceRepository(null, "the repository around the workspace ignores its folder", GitAbsence.Ignored)
            : new WorkspaceRepository(repository, "", GitAbsence.None);
    }
}
