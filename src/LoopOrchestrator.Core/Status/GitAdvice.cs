using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Status;

/// <summary>
/// What a person may want to set up in the repository of a workspace before trouble comes, in sentences. Nothing needs it at once.
/// </summary>
public static class GitAdvice
{
    private const string WithoutIt = "checkpoints of cycles are copies of our own, no step can be isolated, and nothing can be committed";

    /// <summary>Looks. Without trust nothing is asked of git that it could be led elsewhere by.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="trusted">Whether the workspace is trusted.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<IReadOnlyList<string>> DescribeAsync(
        WorkspacePaths paths,
        bool trusted,
        TimeProvider time,
        CancellationToken cancellationToken = default
    )
    {
        ArgumentNullException.ThrowIfNull(paths);
        if (GitProgram.Find(paths.Root) is null)
        {
            return [$"There is no git on PATH: no checkpoint holds the code, no step can be isolated, and nothing can be committed."];
        }

        if (GitFolder.WhyNone(paths.Root) is { } none)
        {
            return [$"This is no git work tree ({none}): {WithoutIt}. 'git init' makes it one."];
        }

        try
        {
            var (repository, _, _) = await GitRepository.FindAsync(paths.Root, time, cancellationToken);
            if (repository is null)
            {
                // Refused or damaged: told as what needs attention.
                return [];
            }

            if (!trusted)
            {
                await GitUntrusted.CheckAsync(repository, cancellationToken);
            }

            var tracked = await TrackedAsync(paths, repository, cancellationToken);
            return CheckpointMirror.WhyNotKept(paths, time) is { } alone
                ? [.. tracked, $"{Sentence.Begin(alone)}. Have git ignore what is built or downloaded."]
                : [.. tracked];
        }
        catch (Exception exception) when (exception is GitException or UserErrorException or IOException)
        {
            return [];
        }
    }

    /// <summary>Whether a folder is a repository itself, without a work tree.</summary>
    /// <param name="folder">The folder, absolute.</param>
    public static bool IsBareRepository(string folder) =>
        !Path.Exists(Path.Combine(folder, ".git"))
        && File.Exists(Path.Combine(folder, "HEAD"))
        && Directory.Exists(Path.Combine(folder, "objects"))
        && Directory.Exists(Path.Combine(folder, "refs"));

    // We write to them at any time, so a pull or a switch of branches that would change them is refused by git.
    private static async Task<IEnumerable<string>> TrackedAsync(
        WorkspacePaths paths,
        GitRepository repository,
        CancellationToken cancellationToken
    )
    {
        string[] written = [paths.Display(paths.Timing), paths.Display(paths.Memory)];
        var tracked = (await repository.RunAsync(["ls-files", "-z", "--", .. written], cancellationToken: cancellationToken)).Parts;
        if (tracked.Count == 0)
        {
            return [];
        }

        var joined = await repository.RunAsync(["check-attr", "-z", "merge", "--", .. tracked], cancellationToken: cancellationToken);
        var open = tracked.Where((_, index) => joined.Parts.ElementAtOrDefault((index * 3) + 2) != "union").ToList();
        return open.Count == 0
            ? []
            :
            [
                $"Git tracks {string.Join(" and ", open)}, to which the loop writes at any time: pulls and switches of branches that "
                    + "change them are refused or conflict. Have git join them, with a line in .gitattributes for each (/"
                    + $"{open[0]} merge=union), or keep them to this machine: name them in .gitignore, then git rm --cached "
                    + $"{string.Join(' ', open)}.",
            ];
    }
}
