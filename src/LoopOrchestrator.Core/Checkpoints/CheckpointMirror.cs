using System.Globalization;
using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// A repository of our own below <c>.loop/checkpoints/own</c>: it keeps a second copy of each checkpoint, because whoever removes the
/// user's <c>.git</c> would take all of them along, and the only one where git has no repository here or refuses it.
/// </summary>
/// <param name="paths">The workspace.</param>
/// <param name="time">The clock.</param>
/// <param name="maxBytes">Trees with more bytes in their files are not copied.</param>
internal sealed class CheckpointMirror(WorkspacePaths paths, TimeProvider time, long maxBytes)
{
    /// <summary>How large a tree may be, unless a test says otherwise.</summary>
    public const long MaxBytes = 500_000_000;

    private const int MaxPacks = 40;

    private string Folder => FolderOf(paths);

    private string Last => Path.Combine(Folder, "last");

    /// <summary>Where a workspace has it.</summary>
    public static string FolderOf(WorkspacePaths paths) => Path.Combine(paths.Checkpoints, "own");

    /// <summary>Why checkpoints of the user's repository are not kept here too; <see langword="null"/> where they are.</summary>
    /// <exception cref="IOException">The folder of checkpoints cannot be read.</exception>
    public static string? WhyNotKept(WorkspacePaths paths, TimeProvider time) =>
        TooLarge(paths, time).Value is { } size
            ? $"the checkpoints of cycles are in the repository's .git alone and would go with it: {size / 1_000_000} MB of files are more "
                + "than what is copied"
            : null;

    /// <summary>
    /// The repository, looking at the work tree; <see langword="null"/> where there is no git, or nothing was ever kept in it and nothing
    /// is to be.
    /// </summary>
    public async Task<SnapshotRepository?> OpenAsync(bool toWrite, CancellationToken cancellationToken)
    {
        if (!toWrite && !GuardedFolder.Exists(Folder))
        {
            return null;
        }

        return Repository() is { } own ? await SnapshotRepository.OpenAsync(paths, own, cancellationToken) : null;
    }

    /// <summary>Whether the files that a checkpoint would hold are few enough to be copied.</summary>
    /// <param name="own">The repository of <see cref="OpenAsync"/>.</param>
    public async Task<bool> FitsAsync(SnapshotRepository own, CancellationToken cancellationToken)
    {
        var listed = await own.RunAsync(
            own.KeptIndex,
            ["ls-files", "-z", "-c", "-o", "--exclude-standard", "--full-name", "--", ".", .. SnapshotTaker.NotOurs],
            cancellationToken: cancellationToken
        );
        var bytes = 0L;
        foreach (var path in PathName.List(listed.Output))
        {
            var file = path.Text is { } text ? new FileInfo(Path.Combine(own.User.Root, text)) : null;
            bytes += file is { Exists: true, LinkTarget: null } ? file.Length : 0;
            if (bytes > maxBytes)
            {
                return false;
            }
        }

        return bytes <= maxBytes && maxBytes > 0;
    }

    /// <summary>
    /// The files of the last copy of a repository that is gone: those that it tracked although they are ignored belong to a checkpoint too.
    /// </summary>
    public async Task<IReadOnlyList<PathName>> LastFilesAsync(SnapshotRepository own, CancellationToken cancellationToken)
    {
        if (LostRepository.Find(paths) is null || DurableFile.ReadOrNull(Last) is not { } tree)
        {
            return [];
        }

        string[] question = ["ls-tree", "-r", "-z", "--name-only", "--full-tree", Encoding.ASCII.GetString(tree)];
        return PathName.List((await own.RunAsync(question, cancellationToken: cancellationToken)).Output);
    }

    /// <summary>Keeps a checkpoint of the user's repository here too.</summary>
    /// <returns>Why it could not be; <see langword="null"/> when it is, or the tree is larger than what is copied.</returns>
    public async Task<string?> KeepAsync(
        SnapshotRepository from,
        string name,
        Snapshot snapshot,
        DateTimeOffset now,
        ScratchFolder scratch,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var held = await LockAsync(cancellationToken);
            LostRepository.Remember(paths, from.User.Root);
            if (Repository() is not { } repository)
            {
                return GitProgram.Missing;
            }

            if (from.CopySettingsTo(paths, repository) is not { } own)
            {
                return "the repository has another format of objects than the copies of its checkpoints below .loop/checkpoints/own";
            }

            var last = DurableFile.ReadOrNull(Last) is { } bytes ? Encoding.ASCII.GetString(bytes) : null;
            if (last is null && !await IsSmallAsync(from, snapshot.Tree, cancellationToken))
            {
                return null;
            }

            await CopyAsync(from, snapshot.Tree, last, cancellationToken);
            await new CheckpointCommits(paths, own).KeepAsync(
                CheckpointName.References + name,
                snapshot,
                head: null,
                now,
                scratch,
                cancellationToken
            );
            DurableFile.ReplaceUnsynced(Last, Encoding.ASCII.GetBytes(snapshot.Tree));
            return null;
        }
        catch (Exception exception) when (exception is GitException or IOException or UnauthorizedAccessException)
        {
            return exception.Message;
        }
    }

    /// <summary>Removes old ones, and what only they needed.</summary>
    public async Task PruneAsync(TimeSpan maxAge, int maxCount, Func<string, bool> keeps, CancellationToken cancellationToken)
    {
        if (await OpenAsync(toWrite: false, cancellationToken) is not { } own)
        {
            return;
        }

        using var held = await LockAsync(cancellationToken);
        var removed = await new GitCheckpoints(paths, own, time).PruneAsync(maxAge, maxCount, keeps, cancellationToken);
        if (removed == 0 && GuardedFolder.Files(Path.Combine(Folder, "objects", "pack"), "*.pack").Count() <= MaxPacks)
        {
            return;
        }

        // What the next copy would build on may be what goes.
        GuardedFile.Delete(Last);
        await own.TryRunAsync(own.KeptIndex, ["repack", "-a", "-d", "-q"], cancellationToken: cancellationToken);
        await own.TryRunAsync(own.KeptIndex, ["prune", "--expire=1.hour.ago"], cancellationToken: cancellationToken);
    }

    private GitRepository? Repository() => GitRepository.Own(paths.Root, LostRepository.TopOf(paths) ?? paths.Root, Folder, time);

    // Only what the last one did not have. Where git does not find that any more, all of it.
    private async Task CopyAsync(SnapshotRepository from, string tree, string? last, CancellationToken cancellationToken)
    {
        if (last == tree)
        {
            return;
        }

        string[] pack = ["pack-objects", "-q", "--revs", "--non-empty", Path.Combine(Folder, "objects", "pack", "pack")];
        if (
            last is not null
            && (await from.TryRunAsync(from.KeptIndex, pack, Encoding.ASCII.GetBytes($"{tree}\n^{last}\n"), cancellationToken)).Ok
        )
        {
            return;
        }

        await from.RunAsync(pack, Encoding.ASCII.GetBytes($"{tree}\n"), cancellationToken);
    }

    // Looked at once a day where it is too large: whoever empties the tree gets the copies from then on.
    private async Task<bool> IsSmallAsync(SnapshotRepository from, string tree, CancellationToken cancellationToken)
    {
        var tooLarge = TooLarge(paths, time);
        if (tooLarge.Value is not null)
        {
            return false;
        }

        var listed = await from.RunAsync(["ls-tree", "-r", "-l", "-z", tree], cancellationToken: cancellationToken);
        var bytes = PathName
            .List(listed.Output)
            .Select(static line => line.Raw[..line.Raw.IndexOf('\t', StringComparison.Ordinal)].Split(' ')[^1])
            .Sum(static size => long.TryParse(size, CultureInfo.InvariantCulture, out var number) ? number : 0);
        if (bytes <= maxBytes)
        {
            tooLarge.Clear();
            return true;
        }

        tooLarge.Set(bytes);
        return false;
    }

    private static DatedMark TooLarge(WorkspacePaths paths, TimeProvider time) =>
        new(Path.Combine(FolderOf(paths), "too-large"), TimeSpan.FromDays(1), time);

    private ValueTask<FileLock> LockAsync(CancellationToken cancellationToken) =>
        FileLock.AcquireAsync(Path.Combine(paths.Locks, "checkpoints-own.lock"), cancellationToken: cancellationToken);
}
