using System.Text;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// Where git is not asked about the files of a workspace that nobody trusts, although each of its calls is guarded: a second wall, for what
/// the
/// first may have missed. Checks files, and git's own list of settings.
/// </summary>
internal static class GitUntrusted
{
    private const string Trust = "and this workspace is not trusted. Look at it; then 'loop-orchestrator trust' says that it is.";

    // A path and what leads up to it; no .git file that git writes is longer.
    private const int MaxLinkBytes = 8 * 1024;

    /// <summary>Refuses where the repository names a program or leads elsewhere.</summary>
    /// <exception cref="UserErrorException">It does.</exception>
    /// <exception cref="GitException">Git could not tell its settings.</exception>
    public static async Task CheckAsync(GitRepository repository, CancellationToken cancellationToken)
    {
        var configuration = await repository.ConfigurationAsync(cancellationToken);
        if (WhyElsewhere(repository, configuration.WorkTree) is { } why)
        {
            throw new UserErrorException($"{why}, {Trust}");
        }

        if (configuration.RepositorysFilter is { } filter)
        {
            throw new UserErrorException(
                $"The repository's configuration (.git/config) names a program ({filter}) that git would start, {Trust}"
            );
        }

        if (configuration.Promisor is { } promisor)
        {
            throw new UserErrorException(
                $"The repository is a partial clone ({promisor} in its configuration): objects may be missing, and git would fetch them "
                    + $"in a way that the repository names, {Trust}"
            );
        }
    }

    private static string? WhyElsewhere(GitRepository repository, string? workTree)
    {
        var place = repository.Folder;
        while (place is not null && !Path.Exists(Path.Combine(place, ".git")))
        {
            place = Path.GetDirectoryName(place);
        }

        if (place is null)
        {
            return "No .git is in the workspace or above it, and git still takes it for a repository";
        }

        var git = Path.Combine(place, ".git");
        return !Same(place, repository.Root) ? $"The work tree of {git} is not the folder that it lies in, but {repository.Root}"
            : new FileInfo(git).LinkTarget is not null ? $"{git} is a link"
            : Directory.Exists(git) ? WhyElsewhere(git, repository.GitFolder)
            : IsKnownBack(git, repository.GitFolder, workTree) ? null
            : $"{git} leads to {repository.GitFolder}, which does not lead back";
    }

    private static string? WhyElsewhere(string git, string gitFolder) =>
        Same(git, gitFolder) && !Path.Exists(Path.Combine(git, "commondir")) ? null : $"{git} takes its configuration from elsewhere";

    // Git writes the way back for each work tree (the file gitdir) and for each submodule (core.worktree). Nobody can write it for a folder
    // of others.
    private static bool IsKnownBack(string git, string gitFolder, string? workTree)
    {
        if (workTree is not null)
        {
            return Same(Path.GetFullPath(workTree, gitFolder), Path.GetDirectoryName(git)!);
        }

        var back = new FileInfo(Path.Combine(gitFolder, "gitdir"));
        return back is { Exists: true, LinkTarget: null, Length: <= MaxLinkBytes }
            && DurableFile.ReadOrNull(back.FullName, MaxLinkBytes) is { } content
            && Same(Path.GetFullPath(Encoding.UTF8.GetString(content).Trim(), gitFolder), git);
    }

    private static bool Same(string one, string other)
    {
        try
        {
            return RealPath.Of(one) == RealPath.Of(other);
        }
        catch (IOException)
        {
            return false;
        }
    }
}
