using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Keeps what git ignores and a step made in a work tree of its own: it never lands, and would be lost with the tree. It is kept in the
/// folder of the cycle's run, for as long as that is.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="tree">The step's work tree.</param>
/// <param name="target">Where it is kept.</param>
internal sealed class LeftFiles(WorkspacePaths paths, GitRepository tree, string target)
{
    private const int MaxFiles = 1000;
    private const long MaxBytes = 50_000_000;
    private const int MaxNamed = 10;

    /// <summary>Moves them there. What is more than is kept (downloaded packages, as a rule) is named only.</summary>
    /// <returns>What was left behind, as half a sentence; <see langword="null"/> where there is nothing.</returns>
    /// <exception cref="GitException">Git could not say what there is.</exception>
    public async Task<string?> KeepAsync(CancellationToken cancellationToken)
    {
        var listed = await tree.RunAsync(
            ["ls-files", "-z", "-o", "-i", "--exclude-standard", "--directory", "--", "."],
            cancellationToken: cancellationToken
        );
        var (named, kept, files, bytes) = (new List<string>(), false, 0, 0L);
        foreach (var path in PathName.List(listed.Output))
        {
            if (path.Text is not { } text || text is ".loop/" or ".loop")
            {
                continue;
            }

            var found = FilesOf(text).Take(MaxFiles + 1).ToList();
            var size = found.Sum(static file => file.Length);
            if (found.Count == 0)
            {
                continue;
            }

            if (files + found.Count > MaxFiles || bytes + size > MaxBytes)
            {
                named.Add($"{text} (not kept: too much)");
                continue;
            }

            files += found.Count;
            bytes += size;
            kept = true;
            named.AddRange(found.Select(Move));
        }

        return named.Count == 0
            ? null
            : $"git ignores what was left behind: {string.Join(", ", named.Take(MaxNamed))}"
                + $"{(named.Count > MaxNamed ? $" and {named.Count - MaxNamed} more" : "")}"
                + (kept ? $"; kept in {paths.Display(target)}" : "");
    }

    // Files and no links: what a link leads to is not the step's.
    private IEnumerable<FileInfo> FilesOf(string path)
    {
        var full = Path.Combine(tree.Folder, path.TrimEnd('/'));
        var single = new FileInfo(full);
        if (single.LinkTarget is not null)
        {
            return [];
        }

        var options = new EnumerationOptions
        {
            RecurseSubdirectories = true,
            AttributesToSkip = FileAttributes.ReparsePoint,
            IgnoreInaccessible = true,
        };
        return Directory.Exists(full) ? new DirectoryInfo(full).EnumerateFiles("*", options)
            : single.Exists ? [single]
            : [];
    }

    private string Move(FileInfo file)
    {
        var relative = Path.GetRelativePath(tree.Folder, file.FullName).Replace('\\', '/');
        var to = Path.Combine(target, relative);
        GuardedFolder.Create(Path.GetDirectoryName(to)!);
        GuardedFile.Move(file.FullName, to, overwrite: true);
        return relative;
    }
}
