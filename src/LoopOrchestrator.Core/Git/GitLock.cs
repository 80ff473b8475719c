using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Git;

/// <summary>
/// A lock of a repository that a commit needs: it is there while a git command writes the index or a reference, and stays when that is
/// killed. Every later commit fails then. Looks at files and processes; git is not asked.
/// </summary>
/// <param name="Path">Where it is, absolute.</param>
/// <param name="WrittenAt">Since when.</param>
internal sealed record GitLock(string Path, DateTimeOffset WrittenAt)
{
    private const string Link = "gitdir: ";
    private const string Branch = "ref: refs/heads/";
    private const int MaxLinkBytes = 8 * 1024;

    // Git itself holds it for milliseconds, as a rule.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Those of the repository that a folder lies in: of the index, of <c>HEAD</c>, and of the branch that is checked out.
    /// </summary>
    /// <param name="folder">The folder, absolute.</param>
    public static IReadOnlyList<GitLock> Find(string folder) =>
        GitFolderOf(folder) is not { } git
            ? []
            :
            [
                .. new[] { IndexFile(git), System.IO.Path.Combine(git, "HEAD.lock"), BranchFile(git) }
                    .OfType<string>()
                    .Select(At)
                    .OfType<GitLock>(),
            ];

    /// <summary>That of the index of a git folder; <see langword="null"/> where there is none.</summary>
    public static GitLock? OfIndex(string gitFolder) => At(IndexFile(gitFolder));

    /// <summary>
    /// Who may be at work with it: processes that have it open, and git commands in its work tree. Of another container's nobody is seen.
    /// </summary>
    /// <param name="folder">The folder that it was found from; the work tree may begin above it.</param>
    public IReadOnlyList<int> Users(string folder) =>
        [
            .. FileUsers
                .Others(RealPath.Of(Path))
                .Concat(FileUsers.WorkingIn(RealPath.Of(GitFolder.TopOf(folder) ?? folder), "git"))
                .Distinct()
                .Order(),
        ];

    /// <summary>
    /// Removes it where a run has left it whose processes were ended: it was written while the run went on, nobody is at work with it, and
    /// it stands there for longer than git needs. Linux only, where that can be told.
    /// </summary>
    /// <param name="folder">The folder that it was found from.</param>
    /// <param name="since">When the run began.</param>
    /// <param name="until">When its last process was ended.</param>
    /// <param name="now">The moment.</param>
    /// <returns>What became of it, as half a sentence; <see langword="null"/> where it is none of the run's, or may not be.</returns>
    public string? RemoveLeftover(string folder, DateTimeOffset since, DateTimeOffset until, DateTimeOffset now)
    {
        if (
            !OperatingSystem.IsLinux()
            || WrittenAt < since
            || WrittenAt > until
            || now - WrittenAt < Patience
            || SpecialFile.Identity(Path) is not { } found
            || SpecialFile.Owner(Path) != SpecialFile.Owner("/proc/self")
            || Users(folder) is { Count: > 0 }
        )
        {
            return null;
        }

        try
        {
            // Looked at once more: another git may have it by now, one that is not seen here.
            if (SpecialFile.Identity(Path) != found || At(Path) != this)
            {
                return null;
            }

            File.Delete(Path);

            return $"it left {Path}, which was removed: no process was at work with it";
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"it left {Path}, which could not be removed ({exception.Message})";
        }
    }

    /// <summary>
    /// What a person should know of it, as sentences; <see langword="null"/> where somebody is at work with it, or may just be.
    /// </summary>
    /// <param name="workTree">The folder that it was found from.</param>
    /// <param name="now">The moment.</param>
    /// <param name="leftBy">The run that was going on when it was written, if that is known.</param>
    public string? Describe(string workTree, DateTimeOffset now, string? leftBy) =>
        now - WrittenAt < Patience || Users(workTree).Count > 0
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{Path} is there for {RelativeTime.Since(WrittenAt, now)} and no process has it open: every commit here fails until it is "
                    + $"gone. {(leftBy is null ? "A git command that was killed has left it" : $"It was written while {leftBy} went on")}. "
                    + $"When nobody is committing by hand, remove it: rm {Path}"
            );

    /// <summary>Why git could not write its index, in place of its own words.</summary>
    public string Explain(string workTree, DateTimeOffset now) =>
        Users(workTree) is { Count: > 0 } users
            ? $"another git command is at work (process {string.Join(", ", users)}, {Path}): repeat it when that has ended"
            : $"{Path} is there for {RelativeTime.Since(WrittenAt, now)}, and no process has it open: a git command that was killed has "
                + $"left it. When nobody is committing by hand, remove it (rm {Path}), then repeat this";

    private static GitLock? At(string path)
    {
        var file = new FileInfo(path);
        return file is { Exists: true, LinkTarget: null }
            ? new GitLock(file.FullName, new DateTimeOffset(file.LastWriteTimeUtc, TimeSpan.Zero))
            : null;
    }

    private static string IndexFile(string gitFolder) => System.IO.Path.Combine(gitFolder, "index.lock");

    // Branches are in the folder that linked work trees share. What stands in HEAD is anybody's text: a name that leads elsewhere is none.
    private static string? BranchFile(string gitFolder)
    {
        var shared = TextOf(System.IO.Path.Combine(gitFolder, "commondir")) is { } common
            ? System.IO.Path.GetFullPath(common, gitFolder)
            : gitFolder;
        var branches = System.IO.Path.Combine(shared, "refs", "heads");
        return
            TextOf(System.IO.Path.Combine(gitFolder, "HEAD")) is { } head
            && head.StartsWith(Branch, StringComparison.Ordinal)
            && System.IO.Path.GetFullPath(head[Branch.Length..] + ".lock", branches) is var file
            && file.StartsWith(branches + System.IO.Path.DirectorySeparatorChar, StringComparison.Ordinal)
            ? file
            : null;
    }

    private static string? TextOf(string file)
    {
        try
        {
            return DurableFile.ReadOrNull(file, MaxLinkBytes) is { } bytes ? Encoding.UTF8.GetString(bytes).Trim() : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? GitFolderOf(string folder)
    {
        if (GitFolder.TopOf(folder) is not { } top)
        {
            return null;
        }

        var git = System.IO.Path.Combine(top, ".git");
        if (Directory.Exists(git))
        {
            return git;
        }

        return TextOf(git) is { } text && text.StartsWith(Link, StringComparison.Ordinal)
            ? System.IO.Path.GetFullPath(text[Link.Length..].Trim(), top)
            : null;
    }
}
