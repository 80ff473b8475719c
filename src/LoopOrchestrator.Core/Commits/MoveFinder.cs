using System.Text;
using LoopOrchestrator.Core.Commits.Roles;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Commits;

/// <summary>
/// Finds files that were moved: one went and another with the same content came, or else exactly one of the same name came. Whether
/// they are told as moved only decides that both halves are in one commit.
/// </summary>
internal sealed class MoveFinder(GitRepository repository, string prefix)
{
    /// <summary>The files, those that came by a move with what they were before.</summary>
    public async Task<IReadOnlyList<ChangedFile>> FindAsync(
        IReadOnlyList<ChangedFile> files,
        IReadOnlyList<StatusEntry> entries,
        CancellationToken cancellationToken = default
    )
    {
        var gone = files
            .Where(static file => file is { Kind: ChangeKind.Deleted, Obstacle: null })
            .OrderBy(static file => file.Path, StringComparer.Ordinal)
            .ToList();
        var came = files
            .Where(static file => file is { Kind: ChangeKind.Added, Obstacle: null })
            .OrderBy(static file => file.Path, StringComparer.Ordinal)
            .ToList();
        if (gone.Count == 0 || came.Count == 0)
        {
            return files;
        }

        var blobs = entries
            .Where(static entry => entry.InHead)
            .ToDictionary(entry => entry.Path, static entry => entry.HeadBlob, StringComparer.Ordinal);
        var hashes = await HashesAsync(
            came.Where(static file => file.Bytes > 0 && !file.Path.Contains('\n', StringComparison.Ordinal)).ToList(),
            cancellationToken
        );
        var moved = new Dictionary<string, string>(StringComparer.Ordinal);
        Pair(gone, came, moved, (from, to) =>
            hashes.TryGetValue(to.Path, out var hash) && blobs.GetValueOrDefault(prefix + from.Path) == hash
        );
        var left = came.Where(file => !moved.ContainsKey(file.Path)).ToList();
        Pair(Unique(gone), Unique(left), moved, static (from, to) => TestNames.NameOf(from.Path) == TestNames.NameOf(to.Path));
        return [.. files.Select(file => moved.TryGetValue(file.Path, out var from) ? file with { MovedFrom = from } : file)];
    }

    private static List<ChangedFile> Unique(List<ChangedFile> files) =>
        files
            .GroupBy(static file => TestNames.NameOf(file.Path), StringComparer.Ordinal)
            .Where(static group => group.Count() == 1)
            .Select(static group => group.First())
            .ToList();

    private static void Pair(
        List<ChangedFile> gone,
        List<ChangedFile> came,
        Dictionary<string, string> moved,
        Func<ChangedFile, ChangedFile, bool> isSame
    )
    {
        var paired = moved.Values.ToHashSet(StringComparer.Ordinal);
        foreach (var from in gone)
        {
            if (!paired.Contains(from.Path) && came.Find(to => !moved.ContainsKey(to.Path) && isSame(from, to)) is { } to)
            {
                moved[to.Path] = from.Path;
            }
        }
    }

    private async Task<Dictionary<string, string>> HashesAsync(List<ChangedFile> files, CancellationToken cancellationToken)
    {
        var hashes = new Dictionary<string, string>(StringComparer.Ordinal);
        if (files.Count == 0)
        {
            return hashes;
        }

        // A file that is gone again by now ends the call; then nothing is known to have moved.
        var answer = await repository
            .In(repository.Root, repository.GitFolder)
            .TryRunAsync(
                ["hash-object", "--stdin-paths"],
                input: Encoding.UTF8.GetBytes(string.Concat(files.Select(file => $"{prefix}{file.Path}\n"))),
                cancellationToken: cancellationToken
            );
        var lines = answer.Ok ? answer.Text.Split('\n') : [];
        foreach (var (file, hash) in lines.Length == files.Count ? files.Zip(lines) : [])
        {
            hashes[file.Path] = hash;
        }

        return hashes;
    }
}
