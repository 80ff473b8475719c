using System.Text;
using LoopOrchestrator.Core.Checkpoints.References;
using LoopOrchestrator.Core.Errors;
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

    private const string Alone = "the checkpoints of cycles are in the repository's .git alone and would go with it";

    private static readonly TimeSpan JoinPause = TimeSpan.FromDays(1);

    private string Folder => FolderOf(paths);

    private string Last => Path.Combine(Folder, "last");

    /// <summary>Where a workspace has it.</summary>
    public static string FolderOf(WorkspacePaths paths) => Path.Combine(paths.Checkpoints, "own");

    /// <summary>Why checkpoints of the user's repository are not kept here too; <see langword="null"/> where they are.</summary>
    /// <exception cref="IOException">The folder of checkpoints cannot be read.</exception>
    public static string? WhyNotKept(WorkspacePaths paths, TimeProvider time) =>
        NotCopied(paths, "too-slow", time).Value is not null
            ? $"{Alone}: git did not copy the files in time, and that is not tried for a day"
        : NotCopied(paths, "too-large", time).Value is { } size ? $"{Alone}: {size / 1_000_000} MB of files are more than what is copied"
        : null;

    /// <summary>
    /// The repository, looking at the work tree; <see langword="null"/> where there is no git, or nothing was ever kept in it and nothing
    /// is to be.
    /// </summary>
    /// <exception cref="IOException">Its folder cannot be made ready.</exception>
    public SnapshotRepository? Open(bool toWrite) =>
        !toWrite && !GuardedFolder.Exists(Folder) ? null
        : Repository() is { } own ? SnapshotRepository.OpenOwn(paths, own)
        : null;

    /// <summary>Whether the files that a checkpoint would hold are few enough to be copied.</summary>
    /// <param name="own">The repository of <see cref="Open"/>.</param>
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

    /// <summary>Keeps a checkpoint of the user's repository here too. Never fails: the first copy is there all the same.</summary>
    /// <returns>Why it is not kept, as half a sentence; <see langword="null"/> when it is.</returns>
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
            GuardedFolder.Create(Folder);
            LostRepository.Remember(paths, from.User.Root, from.User.Places?.Head);
            if (snapshot.Bytes > maxBytes)
            {
                Mark("too-large").SetOnce(snapshot.Bytes);
                return WhyNotKept(paths, time);
            }

            Mark("too-large").Clear();
            if (Mark("too-slow").Value is not null)
            {
                return WhyNotKept(paths, time);
            }

            if (!Path.Exists(Path.Combine(from.User.Root, ".git")))
            {
                return $"{Alone}: its work tree is not where its .git is";
            }

            using var held = await LockAsync(cancellationToken);
            if (Repository() is not { } repository)
            {
                return GitProgram.Missing;
            }

            if (from.CopySettingsTo(paths, repository) is not { } own)
            {
                return $"{Alone}: it has another format of objects than the copies that are there";
            }

            await KeepAsync(from, own, CheckpointName.References + name, snapshot, now, scratch, cancellationToken);
            return null;
        }
        catch (GitTimeoutException)
        {
            return Try(() =>
            {
                Mark("too-slow").Set(1);
                return WhyNotKept(paths, time);
            });
        }
        catch (Exception exception) when (exception is GitException or IOException or UnauthorizedAccessException or UserErrorException)
        {
            return $"{Alone}: {exception.Message.TrimEnd('.')}";
        }
    }

    /// <summary>Removes old ones, and what only they needed. What takes too long is tried again another day.</summary>
    public async Task PruneAsync(TimeSpan maxAge, int maxCount, Func<string, bool> keeps, CancellationToken cancellationToken)
    {
        if (Open(toWrite: false) is not { } own)
        {
            return;
        }

        using var held = await LockAsync(cancellationToken);
        var (removed, newest) = await new GitCheckpoints(paths, own, time).PruneAsync(maxAge, maxCount, keeps, cancellationToken);
        if (removed > 0)
        {
            SetLast(newest?.Tree);
        }

        // All that is kept is written anew then.
        var joined = new DatedMark(Path.Combine(Folder, "joined"), JoinPause, time);
        var packs = GuardedFolder.Files(Path.Combine(Folder, "objects", "pack"), "*.pack").Count();
        if (joined.Value is not null || (removed == 0 && packs <= MaxPacks))
        {
            return;
        }

        joined.Set(packs);
        try
        {
            await own.TryRunAsync(own.KeptIndex, ["repack", "-a", "-d", "-q"], cancellationToken: cancellationToken);
            await own.TryRunAsync(own.KeptIndex, ["prune", "--expire=1.hour.ago"], cancellationToken: cancellationToken);
        }
        catch (GitTimeoutException)
        {
            // What it had not finished is of no use to anybody and goes with the next one.
        }
    }

    private GitRepository? Repository() => GitRepository.Own(paths.Root, LostRepository.TopOf(paths) ?? paths.Root, Folder, time);

    private static string? Try(Func<string?> look)
    {
        try
        {
            return look();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return $"{Alone}: {exception.Message.TrimEnd('.')}";
        }
    }

    private async Task KeepAsync(
        SnapshotRepository from,
        SnapshotRepository own,
        string reference,
        Snapshot snapshot,
        DateTimeOffset now,
        ScratchFolder scratch,
        CancellationToken cancellationToken
    )
    {
        var last = DurableFile.ReadOrNull(Last) is { } bytes ? Encoding.ASCII.GetString(bytes) : null;
        if (last != snapshot.Tree)
        {
            await CopyAsync(from, own, snapshot.Tree, last, cancellationToken);
        }

        var commits = new CheckpointCommits(paths, own);
        try
        {
            await commits.KeepAsync(reference, snapshot, head: null, now, scratch, cancellationToken);
        }
        catch (GitException exception) when (exception is not GitTimeoutException && last is not null)
        {
            // Git makes no commit of a tree that is not there: objects of the copies were removed.
            await CopyAsync(from, own, snapshot.Tree, last: null, cancellationToken);
            await commits.KeepAsync(reference, snapshot, head: null, now, scratch, cancellationToken);
        }

        SetLast(snapshot.Tree);
    }

    private void SetLast(string? tree)
    {
        if (tree is null)
        {
            GuardedFile.Delete(Last);
        }
        else if (DurableFile.ReadOrNull(Last) is not { } known || Encoding.ASCII.GetString(known) != tree)
        {
            DurableFile.ReplaceUnsynced(Last, Encoding.ASCII.GetBytes(tree));
        }
    }

    // Only what the last one did not have. Where that one is not there any more, here or among the user's objects, all of it.
    private async Task CopyAsync(
        SnapshotRepository from,
        SnapshotRepository own,
        string tree,
        string? last,
        CancellationToken cancellationToken
    )
    {
        string[] pack = ["pack-objects", "-q", "--revs", "--non-empty", Path.Combine(Folder, "objects", "pack", "pack")];
        if (
            last is not null
            && (await own.TryRunAsync(own.KeptIndex, ["cat-file", "-e", last], cancellationToken: cancellationToken)).Ok
            && (await from.TryRunAsync(from.KeptIndex, pack, Encoding.ASCII.GetBytes($"{tree}\n^{last}\n"), cancellationToken)).Ok
        )
        {
            return;
        }

        await from.RunAsync(pack, Encoding.ASCII.GetBytes($"{tree}\n"), cancellationToken);
    }

    private DatedMark Mark(string name) => NotCopied(paths, name, time);

    private static DatedMark NotCopied(WorkspacePaths paths, string name, TimeProvider time) =>
        new(Path.Combine(FolderOf(paths), name), TimeSpan.FromDays(1), time);

    private ValueTask<FileLock> LockAsync(CancellationToken cancellationToken) =>
        FileLock.AcquireAsync(Path.Combine(paths.Locks, "checkpoints-own.lock"), cancellationToken: cancellationToken);
}
