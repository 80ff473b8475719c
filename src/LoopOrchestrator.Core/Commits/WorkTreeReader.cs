using System.Text;
using LoopOrchestrator.Core.Commits.Credentials;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Commits;

/// <summary>
/// Reads what has changed below the workspace since the last commit. Writes nothing, neither to the index nor to the repository.
/// </summary>
internal sealed class WorkTreeReader(GitRepository repository, CommitSettings settings, CredentialScan scan)
{
    /// <summary>The most changed files that are looked at; more are a folder that nobody has ignored.</summary>
    public const int MaxFiles = 10_000;

    private const string Here = "./";

    private static readonly (string Path, string Name)[] Operations =
    [
        ("MERGE_HEAD", "a merge"),
        ("rebase-merge", "a rebase"),
        ("rebase-apply", "a rebase"),
        ("CHERRY_PICK_HEAD", "a cherry-pick"),
        ("REVERT_HEAD", "a revert"),
        ("BISECT_LOG", "a bisect"),
        ("sequencer", "a cherry-pick or revert"),
    ];

    /// <summary>Reads it.</summary>
    /// <exception cref="GitException">Git could not say.</exception>
    /// <exception cref="UserErrorException">So much has changed that no plan would help.</exception>
    public async Task<WorkTreeState> ReadAsync(CancellationToken cancellationToken = default)
    {
        var prefix = repository.Places is { } places
            ? places.Prefix + (places.Prefix.Length > 0 ? "/" : "")
            : (await repository.RunAsync(["rev-parse", "--show-prefix"], cancellationToken: cancellationToken)).Text;
        var head = await HeadAsync(cancellationToken);
        var branch = await repository.TryRunAsync(["symbolic-ref", "-q", "HEAD"], cancellationToken: cancellationToken);
        var status = await repository.RunAsync(
            ["status", "--porcelain=v2", "-z", "--no-renames", "--untracked-files=all", "--ignore-submodules=dirty", "--", "."],
            cancellationToken: cancellationToken
        );
        var entries = StatusEntry.ReadAll(status.Output);
        if (entries.Count > MaxFiles)
        {
            throw new UserErrorException(
                $"{entries.Count} files have changed, and {MaxFiles} are looked at. A folder of them is probably meant to "
                    + $"be in .gitignore; the first is {entries[0].Path}."
            );
        }

        var files = await FilesAsync(entries, prefix, head, cancellationToken);
        return new WorkTreeState(
            head,
            branch.Ok ? branch.Text : null,
            prefix,
            Operations.FirstOrDefault(operation => Path.Exists(Path.Combine(repository.GitFolder, operation.Path))).Name,
            [.. files.OrderBy(static file => file.Path, StringComparer.Ordinal)]
        );
    }

    /// <summary>The commit that HEAD leads to; <see langword="null"/> before the first one.</summary>
    public async Task<string?> HeadAsync(CancellationToken cancellationToken = default) =>
        await repository.TryRunAsync(["rev-parse", "-q", "--verify", "HEAD^{commit}"], cancellationToken: cancellationToken)
            is { Ok: true } found
            ? found.Text
            : null;

    private async Task<IReadOnlyList<ChangedFile>> FilesAsync(
        IReadOnlyList<StatusEntry> entries,
        string prefix,
        string? head,
        CancellationToken cancellationToken
    )
    {
        var counts = head is null ? [] : await CountsAsync(entries, [], cancellationToken);
        var lasting = head is null ? [] : await CountsAsync(entries, ["-w", "--ignore-blank-lines"], cancellationToken);
        var ignored = await IgnoredAsync(entries, cancellationToken);
        var files = new Dictionary<string, ChangedFile>(StringComparer.Ordinal);
        foreach (var entry in entries)
        {
            var path = entry.Path.StartsWith(prefix, StringComparison.Ordinal) ? entry.Path[prefix.Length..] : entry.Path;
            var file = new ChangedFile(
                path,
                entry.IsUntracked || !entry.InHead ? ChangeKind.Added
                    : entry.InWorkTree ? ChangeKind.Modified
                    : ChangeKind.Deleted
            );
            if (files.TryGetValue(path, out var other))
            {
                files[path] = other with
                {
                    Kind = ChangeKind.Modified,
                    Obstacle = LeftOutReason.Unclear,
                    ObstacleDetail = "it was taken out of the index and is still there; have it ignored or stage it again",
                };
                continue;
            }

            var obstacle = Obstacle(entry, ignored, counts, head);
            files[path] =
                obstacle is var (reason, detail) ? file with { Obstacle = reason, ObstacleDetail = detail }
                : file.Kind == ChangeKind.Deleted ? file with { Removed = counts.GetValueOrDefault(entry.Path).Removed }
                : await ContentAsync(entry, file, counts, lasting, cancellationToken);
        }

        return await new MoveFinder(repository, prefix).FindAsync([.. files.Values], entries, cancellationToken);
    }

    private static (LeftOutReason Reason, string Detail)? Obstacle(
        StatusEntry entry,
        HashSet<string> ignored,
        Dictionary<string, LineCount> counts,
        string? head
    ) =>
        entry switch
        {
            { HasOddName: true } => (LeftOutReason.Unreadable, "its name is not UTF-8"),
            { IsConflict: true } => (LeftOutReason.Conflict, "it has an unfinished merge"),
            { IsSubmodule: true } => (LeftOutReason.Submodule, "it is a repository of its own"),
            { IsUntracked: true } => null,
            { InHead: false } when ignored.Contains(entry.Path) => (
                LeftOutReason.Ignored,
                "the ignore rules name it, although it is staged"
            ),
            { InHead: false, InWorkTree: false } => (LeftOutReason.Unclear, "it is staged, and not in the work tree any more"),
            { InHead: true, InWorkTree: true } when head is not null && !counts.ContainsKey(entry.Path) => (
                LeftOutReason.Unclear,
                "changes of it are staged, and the work tree has it as in the last commit"
            ),
            _ => null,
        };

    private async Task<ChangedFile> ContentAsync(
        StatusEntry entry,
        ChangedFile file,
        Dictionary<string, LineCount> counts,
        Dictionary<string, LineCount> lasting,
        CancellationToken cancellationToken
    )
    {
        try
        {
            var info = new FileInfo(Path.Combine(repository.Root, entry.Path));
            var isLink = info.LinkTarget is not null;
            file = file with
            {
                Bytes = isLink ? Encoding.UTF8.GetByteCount(info.LinkTarget!) : info.Length,
                IsPartlyStaged = entry is { IsStaged: true, IsUnstaged: true, InIndex: true },
            };
            var content =
                file.Bytes > settings.MaxFileBytes ? null
                : isLink ? Encoding.UTF8.GetBytes(info.LinkTarget!)
                : DurableFile.ReadOrNull(new GuardedPath(info.FullName, repository.Root), settings.MaxFileBytes)
                    ?? throw new FileNotFoundException("it is gone", info.FullName);
            if (counts.TryGetValue(entry.Path, out var count))
            {
                file = file with
                {
                    Added = count.Added,
                    Removed = count.Removed,
                    IsBinary = count.IsBinary,
                    IsWhitespaceOnly =
                        entry.InHead
                        && count is { IsBinary: false, Added: > 0 } or { IsBinary: false, Removed: > 0 }
                        && lasting.GetValueOrDefault(entry.Path) is { Added: 0, Removed: 0 },
                };
            }
            else if (content is not null)
            {
                var isBinary = content.AsSpan().IndexOf((byte)0) >= 0;
                file = file with
                {
                    IsBinary = isBinary,
                    Added = isBinary ? 0 : content.AsSpan().Count((byte)'\n') + (content.Length > 0 && content[^1] != '\n' ? 1 : 0),
                };
            }

            return content is null
                ? file
                : file with
                {
                    Credential = await scan.FindAsync(
                        content,
                        entry.InHead
                            ? async () =>
                                (
                                    await repository.RunAsync(["cat-file", "blob", entry.HeadBlob], cancellationToken: cancellationToken)
                                ).Output
                            : null
                    ),
                };
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return file with { Obstacle = LeftOutReason.Unreadable, ObstacleDetail = $"it cannot be read: {exception.Message}" };
        }
    }

    private async Task<Dictionary<string, LineCount>> CountsAsync(
        IReadOnlyList<StatusEntry> entries,
        IReadOnlyList<string> how,
        CancellationToken cancellationToken
    )
    {
        if (!entries.Any(static entry => !entry.IsUntracked))
        {
            return new Dictionary<string, LineCount>(StringComparer.Ordinal);
        }

        var result = await repository.RunAsync(
            [
                "diff",
                "--numstat",
                "-z",
                "--no-renames",
                "--no-ext-diff",
                "--no-textconv",
                "--ignore-submodules=dirty",
                .. how,
                "HEAD",
                "--",
                ".",
            ],
            cancellationToken: cancellationToken
        );
        return LineCount.ReadAll(result.Parts);
    }

    // Only what is staged can be ignored and told all the same.
    private async Task<HashSet<string>> IgnoredAsync(IReadOnlyList<StatusEntry> entries, CancellationToken cancellationToken)
    {
        var candidates = entries
            .Where(static entry => entry is { IsUntracked: false, InHead: false, HasOddName: false })
            .Select(static entry => entry.Path)
            .ToList();
        if (candidates.Count == 0)
        {
            return new HashSet<string>(StringComparer.Ordinal);
        }

        // This command knows no literal pathspecs; so that nothing in a name is magic, each begins with "./".
        var answer = await repository
            .In(repository.Root, repository.GitFolder)
            .TryRunAsync(
                ["check-ignore", "--no-index", "-z", "--stdin"],
                new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_LITERAL_PATHSPECS"] = "0" },
                Encoding.UTF8.GetBytes(string.Concat(candidates.Select(static path => $"{Here}{path}\0"))),
                cancellationToken
            );
        return answer.ExitCode is 0 or 1
            ? answer.Parts.Select(static path => path[Here.Length..]).ToHashSet(StringComparer.Ordinal)
            : throw new GitException($"git check-ignore ended with exit code {answer.ExitCode}: {answer.Error.Trim()}");
    }
}
