using System.Text;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Commits;

/// <summary>
/// An index of our own, in which one commit is put together, so that what its user has staged is neither used nor touched.
/// </summary>
internal sealed class CommitIndex(GitRepository top, string file)
{
    private readonly Dictionary<string, string> _environment = new(StringComparer.Ordinal) { ["GIT_INDEX_FILE"] = file };

    /// <summary>Fills it with a commit; with nothing when that is <see langword="null"/>.</summary>
    public async Task ResetAsync(string? commit, CancellationToken cancellationToken = default)
    {
        File.Delete(file);
        await top.RunAsync(
            commit is null ? ["read-tree", "--empty"] : ["read-tree", commit],
            _environment,
            cancellationToken: cancellationToken
        );
    }

    /// <summary>Takes over files as they are in the work tree now.</summary>
    /// <param name="kept">Those that are there, from the top of the work tree.</param>
    /// <param name="gone">Those that are not, or are not to be kept.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The tree that the index is now.</returns>
    /// <exception cref="GitException">A file that should be there is gone, or cannot be read.</exception>
    public async Task<string> TakeAsync(
        IReadOnlyList<string> kept,
        IReadOnlyList<string> gone,
        CancellationToken cancellationToken = default
    )
    {
        // First what went: a folder may have come in the place of a file.
        if (gone.Count > 0)
        {
            await top.RunAsync(["update-index", "--force-remove", "-z", "--stdin"], _environment, Paths(gone), cancellationToken);
        }

        if (kept.Count > 0)
        {
            await top.RunAsync(["update-index", "--add", "--replace", "-z", "--stdin"], _environment, Paths(kept), cancellationToken);
        }

        return (await top.RunAsync(["write-tree"], _environment, cancellationToken: cancellationToken)).Text;
    }

    /// <summary>How it differs from a commit.</summary>
    public async Task<IReadOnlyList<TreeChange>> CompareAsync(string? commit, CancellationToken cancellationToken = default)
    {
        var against = commit ?? (await top.RunAsync(["hash-object", "-t", "tree", "--stdin"], cancellationToken: cancellationToken)).Text;
        var answer = await top.RunAsync(
            ["diff-index", "--cached", "--raw", "-z", "--no-abbrev", "--no-renames", "--ignore-submodules=none", against],
            _environment,
            cancellationToken: cancellationToken
        );
        return TreeChange.ReadAll(answer.Parts);
    }

    private static byte[] Paths(IReadOnlyList<string> paths) =>
        Encoding.UTF8.GetBytes(string.Concat(paths.Select(static path => path + '\0')));
}
