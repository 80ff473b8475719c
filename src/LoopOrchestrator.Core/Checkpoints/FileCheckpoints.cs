using System.Security.Cryptography;
using System.Text.Json;
using LoopOrchestrator.Core.Checkpoints.Copies;
using LoopOrchestrator.Core.Checkpoints.References;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Checkpoints where there is no git: copies of the files that are ours, by the hash of their content, below <c>.loop/checkpoints/</c>. See
/// <see cref="CheckpointStore"/> for what each call promises.
/// </summary>
internal sealed class FileCheckpoints(WorkspacePaths paths, TimeProvider time)
{
    private const string Extension = ".json";
    private const string Uncovered = "everything but the files of the loop itself: there was no git repository, and no copy of the others";

    private string Manifests => Path.Combine(paths.Checkpoints, "files");

    private string Contents => Path.Combine(paths.Checkpoints, "content");

    /// <summary>Takes one. Under the lock of the copies, so that no clean-up removes one that was just found to be there.</summary>
    public async Task<Checkpoint> TakeAsync(string name, CancellationToken cancellationToken)
    {
        using var held = await LockAsync(cancellationToken);
        var files = new List<CopiedFile>();
        MakeFolder(Contents);
        foreach (var (path, content) in Present())
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(content));
            if (!GuardedFile.Exists(Copy(hash)))
            {
                DurableFile.Replace(Copy(hash), content, permissionsOf: OwnFiles.At(paths, path));
            }

            files.Add(new CopiedFile(path, hash, OperatingSystem.IsWindows() ? 0 : (int)File.GetUnixFileMode(OwnFiles.At(paths, path))));
        }

        var manifest = new FileManifest(name, time.GetUtcNow(), files);
        var bytes = JsonSerializer.SerializeToUtf8Bytes(manifest, CheckpointJson.Default.FileManifest);
        MakeFolder(Path.GetDirectoryName(At(name))!);
        DurableFile.Replace(At(name), bytes);
        return Made(manifest, bytes);
    }

    /// <summary>The checkpoint of a name.</summary>
    public Checkpoint? Find(string name) =>
        DurableFile.ReadOrNull(At(name)) is { } bytes && Parse(bytes) is { } manifest ? Made(manifest, bytes) : null;

    /// <summary>Compares two. Lines are counted wherever they stand: one that only moved is no change.</summary>
    public ChangeSet Changes(Checkpoint before, Checkpoint after)
    {
        var (from, to) = (Load(before), Load(after));
        var changed = from
            .Keys.Union(to.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Where(path => Differ(from.GetValueOrDefault(path), to.GetValueOrDefault(path)))
            .ToList();
        var files = changed
            .Where(static path => !OwnFiles.IsWritten(path))
            .Select(path => Change(path, from.GetValueOrDefault(path), to.GetValueOrDefault(path)))
            .ToList();
        return new ChangeSet
        {
            Files = files,
            AllPaths = [.. files.Select(static file => file.Path)],
            FileCount = files.Count,
            LinesAdded = files.Sum(static file => (long)(file.LinesAdded ?? 0)),
            LinesRemoved = files.Sum(static file => (long)(file.LinesRemoved ?? 0)),
            OwnFiles = [.. changed.Where(OwnFiles.IsWritten)],
            NotCovered = [Uncovered],
            IsPartial = true,
        };
    }

    /// <summary>Plans a rollback.</summary>
    public RollbackPlan Plan(Checkpoint before, Checkpoint after, bool withOwnFiles)
    {
        var (target, expected) = (Load(before), Load(after));
        var present = Present()
            .ToDictionary(
                static one => one.Path,
                static one => Convert.ToHexStringLower(SHA256.HashData(one.Content)),
                StringComparer.Ordinal
            );
        var items = target
            .Keys.Union(expected.Keys, StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Where(path => Differ(target.GetValueOrDefault(path), expected.GetValueOrDefault(path)))
            .Select(path =>
                Item(
                    path,
                    target.GetValueOrDefault(path)?.Sha256,
                    expected.GetValueOrDefault(path)?.Sha256,
                    present.GetValueOrDefault(path),
                    withOwnFiles
                )
            );
        return new RollbackPlan(before, after, [.. items], withOwnFiles) { NotCovered = [Uncovered] };
    }

    /// <summary>Carries a plan out.</summary>
    public async Task<RollbackResult> ApplyAsync(RollbackPlan asked, bool skipConflicts, CancellationToken cancellationToken)
    {
        asked.RefuseConflicts(skipConflicts, paths);
        var safety = await TakeAsync(CheckpointName.Stamped("rollback/" + asked.Before.Name, time.GetUtcNow()), cancellationToken);
        var plan = Plan(asked.Before, asked.After, asked.IncludesOwnFiles).Sparing(asked.Spared);
        plan.RefuseConflicts(skipConflicts, paths);
        var target = Load(asked.Before);
        var failed = new List<RollbackItem>();
        var done = plan.Items.Where(static item => item.Action is RollbackAction.Restore or RollbackAction.Remove).ToList();
        foreach (var item in done)
        {
            try
            {
                await ChangeAsync(item, target.GetValueOrDefault(item.Path), cancellationToken);
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or UserErrorException)
            {
                failed.Add(item with { Reason = exception.Message });
            }
        }

        var notDone = failed.Select(static item => item.Path).ToHashSet(StringComparer.Ordinal);
        return new RollbackResult(
            [.. done.Where(item => !notDone.Contains(item.Path))],
            [.. plan.Items.Where(static item => item.Action is RollbackAction.Conflict or RollbackAction.Left), .. failed],
            failed,
            safety,
            []
        )
        {
            NotCovered = plan.NotCovered,
        };
    }

    /// <summary>Removes old ones, and the copies that no other one has.</summary>
    public async Task<int> PruneAsync(TimeSpan maxAge, int maxCount, Func<string, bool> keeps, CancellationToken cancellationToken)
    {
        if (!GuardedFolder.Exists(Manifests))
        {
            return 0;
        }

        using var held = await LockAsync(cancellationToken);
        var oldest = time.GetUtcNow() - maxAge;
        var all = GuardedFolder
            .FilesBelow(Manifests, "*" + Extension)
            .Select(static file => (File: file, Manifest: Parse(DurableFile.ReadOrNull(file) ?? [])))
            .Where(static one => one.Manifest is not null)
            .OrderByDescending(static one => one.Manifest!.TakenAt)
            .ToList();
        var old = all.Where((one, number) => (number >= maxCount || one.Manifest!.TakenAt < oldest) && !keeps(one.Manifest!.Name)).ToList();
        old.ForEach(static one => GuardedFile.Delete(one.File));
        var needed = all.Except(old)
            .SelectMany(static one => one.Manifest!.Files)
            .Select(static file => file.Sha256)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var copy in GuardedFolder.Files(Contents).Where(copy => !needed.Contains(Path.GetFileName(copy))))
        {
            GuardedFile.Delete(copy);
        }

        return old.Count;
    }

    private static bool Differ(CopiedFile? one, CopiedFile? other) => one?.Sha256 != other?.Sha256;

    private static RollbackItem Item(string path, string? target, string? expected, string? present, bool withOwnFiles)
    {
        if (!withOwnFiles && OwnFiles.IsWritten(path))
        {
            return new RollbackItem(path, RollbackAction.Left, RollbackItem.OwnReason);
        }

        if (present == target)
        {
            return new RollbackItem(path, RollbackAction.AlreadySo);
        }

        // What is not there cannot be lost.
        return present == expected || present is null
            ? new RollbackItem(path, target is null ? RollbackAction.Remove : RollbackAction.Restore)
            : new RollbackItem(path, RollbackAction.Conflict, RollbackItem.ChangedReason) { IsChangedSince = true };
    }

    private FileChange Change(string path, CopiedFile? from, CopiedFile? to)
    {
        var kind =
            from is null ? ChangeKind.Added
            : to is null ? ChangeKind.Deleted
            : ChangeKind.Modified;
        var (old, now) = (Lines(from), Lines(to));
        return old is null || now is null
            ? new FileChange(path, kind, null, null)
            : new FileChange(path, kind, Missing(now, old), Missing(old, now));
    }

    // How many of these lines are not among those, each counted as often as it is there.
    private static int Missing(string[] lines, string[] others)
    {
        var counts = others.CountBy(static line => line, StringComparer.Ordinal).ToDictionary(StringComparer.Ordinal);
        return lines
            .CountBy(static line => line, StringComparer.Ordinal)
            .Sum(line => Math.Max(0, line.Value - counts.GetValueOrDefault(line.Key)));
    }

    // Not text when there is a zero byte in it, as git has it. The end of the last line does not make another.
    private string[]? Lines(CopiedFile? file)
    {
        var bytes = file is null ? [] : DurableFile.ReadOrNull(Copy(file.Sha256)) ?? [];
        var text = System.Text.Encoding.Latin1.GetString(bytes);
        return bytes.Contains((byte)0) ? null
            : text.Length == 0 ? []
            : (text.EndsWith('\n') ? text[..^1] : text).Split('\n');
    }

    private async Task ChangeAsync(RollbackItem item, CopiedFile? target, CancellationToken cancellationToken)
    {
        var path = OwnFiles.At(paths, item.Path);
        WorkspaceBounds.Check(paths, path);
        using var held = await FileLock.AcquireAsync(
            Path.Combine(paths.Locks, Path.GetFileName(path) + ".lock"),
            cancellationToken: cancellationToken
        );
        if (target is null)
        {
            File.Delete(path);
            return;
        }

        var content = DurableFile.ReadOrNull(Copy(target.Sha256)) ?? throw new IOException($"its copy {Copy(target.Sha256)} is missing");
        GuardedFolder.CreateShared(paths.Root, Path.GetDirectoryName(path)!);
        DurableFile.Replace(new SharedPath(paths, path, FileSizes.Own), content);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, (UnixFileMode)target.Mode);
        }

        if (!SHA256.HashData(Content(item.Path) ?? []).AsSpan().SequenceEqual(Convert.FromHexString(target.Sha256)))
        {
            throw new IOException("it was seen afterwards that it is not as it should be");
        }
    }

    private IEnumerable<(string Path, byte[] Content)> Present() =>
        OwnFiles
            .All.Select(path => (Path: path, Content: Content(path)))
            .Where(static one => one.Content is not null)
            .Select(static one => (one.Path, one.Content!));

    // A link that leads out of the workspace is none of its files, and what is too large to be held is left out.
    private byte[]? Content(string path)
    {
        try
        {
            return new SharedPath(paths, OwnFiles.At(paths, path), FileSizes.Own).ReadOrNull();
        }
        catch (Exception exception) when (exception is LinkRefusedException or FileTooLargeException)
        {
            return null;
        }
    }

    private Dictionary<string, CopiedFile> Load(Checkpoint checkpoint) =>
        DurableFile.ReadOrNull(At(checkpoint.Name)) is { } bytes
        && Parse(bytes) is { } manifest
        && Made(manifest, bytes).Id == checkpoint.Id
            ? manifest.Files.ToDictionary(static file => file.Path, StringComparer.Ordinal)
            : throw new UserErrorException(
                $"The checkpoint {checkpoint.Name} is not in {Manifests} any more: it was removed because of its age, or "
                    + "replaced by a later one. Nothing was changed."
            );

    private static FileManifest? Parse(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize(bytes, CheckpointJson.Default.FileManifest);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Checkpoint Made(FileManifest manifest, byte[] bytes) =>
        new(manifest.Name, CheckpointKind.Files, Convert.ToHexStringLower(SHA256.HashData(bytes)), null, manifest.TakenAt);

    private string At(string name) => Path.Combine(Manifests, name.Replace('/', Path.DirectorySeparatorChar) + Extension);

    private string Copy(string hash) => Path.Combine(Contents, hash);

    private ValueTask<FileLock> LockAsync(CancellationToken cancellationToken) =>
        FileLock.AcquireAsync(Path.Combine(paths.Locks, "checkpoints.lock"), cancellationToken: cancellationToken);

    private void MakeFolder(string folder)
    {
        WorkspaceBounds.Check(paths, folder);
        if (GuardedFolder.Exists(folder))
        {
            return;
        }

        GuardedFolder.Create(folder);
        for (var path = folder; path.Length > paths.State.Length; path = Path.GetDirectoryName(path)!)
        {
            DirectorySync.Flush(Path.GetDirectoryName(path)!);
        }
    }
}
