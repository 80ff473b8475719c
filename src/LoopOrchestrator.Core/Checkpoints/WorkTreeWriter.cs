using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Carries out a plan in a work tree, file by file: each is at any moment as it was or as it shall be. Stopped in between, it leaves a
/// work tree for which a new plan holds the rest.
/// </summary>
/// <param name="repository">The folder that looks at the work tree.</param>
/// <param name="scratch">For temporary files; removed files lie there until the end.</param>
internal sealed class WorkTreeWriter(SnapshotRepository repository, ScratchFolder scratch)
{
    private readonly RawFiles _files = new(repository.User.Root);

    /// <summary>Carries out what the items say and looks whether it is so.</summary>
    /// <param name="items">Restored and removed is what says so; everything else is left alone.</param>
    /// <param name="target">What the target has noted: permissions, and folders that stay though they are empty.</param>
    /// <returns>The items that are not as they should be now, with reasons.</returns>
    /// <exception cref="GitException">git failed before anything was changed, or while looking afterwards.</exception>
    public async Task<IReadOnlyList<RollbackItem>> WriteAsync(
        IReadOnlyList<RollbackItem> items,
        CheckpointNotes target,
        CancellationToken cancellationToken
    )
    {
        var restored = items.Where(static item => item.Action == RollbackAction.Restore).ToList();
        var removed = items.Where(static item => item.Action == RollbackAction.Remove).ToList();
        var staged = await StageAsync(restored, cancellationToken);
        foreach (var item in restored.Where(static item => item.Target!.Value.IsFile))
        {
            ApplyPermissions(staged, item, target);
        }

        // From here on nothing is cancelled: what is begun is brought to its end.
        var failed = new Dictionary<PathName, string>();
        var taken = await TakeAwayAsync(removed, failed);
        RemoveFolders([.. taken], [.. restored.Select(static item => item.Name)], target);
        foreach (var item in restored)
        {
            Try(item, failed, () =>
            {
                RemoveEmptied(item.Name);
                _files.Put(staged, item.Name);
            });
        }

        Sync([.. restored.Concat(removed).Select(static item => item.Name)]);
        await VerifyAsync(restored, removed, failed);
        return [.. items.Where(item => failed.ContainsKey(item.Name)).Select(item => item with { Reason = failed[item.Name] })];
    }

    // All files that are to be written, with their bytes on disk, in a folder beside.
    private async Task<string> StageAsync(List<RollbackItem> restored, CancellationToken cancellationToken)
    {
        var staged = scratch.File("staged");
        GuardedFolder.Create(staged);
        if (restored.Count > 0)
        {
            var index = scratch.File("staged-index");
            await WorkTreeComparison.FillAsync(repository, index, restored.Select(static item => item.Target!.Value), cancellationToken);
            await repository.RunAsync(index, ["checkout-index", "-a", "-f", $"--prefix={staged}/"], cancellationToken: cancellationToken);
        }

        return staged;
    }

    // A file keeps the permissions that it has, or had when it was noted; only whether it is executable is the target's.
    private void ApplyPermissions(string staged, RollbackItem item, CheckpointNotes target)
    {
        if (item.Name.Text is not { } path)
        {
            return;
        }

        var file = Path.Combine(staged, path);
        if (!OperatingSystem.IsWindows())
        {
            if (target.Permissions.TryGetValue(item.Name, out var noted))
            {
                File.SetUnixFileMode(file, noted);
            }
            else if (
                _files.At(item.Name) == RawFiles.Kind.File
                && File.GetUnixFileMode(Path.Combine(repository.User.Root, path)) is var mode
                && (mode & CheckpointNotes.AllRead) == CheckpointNotes.AllRead
            )
            {
                // Whoever may read it may execute it, as git has it.
                File.SetUnixFileMode(
                    file,
                    item.Target!.Value.Mode == TreeEntry.Executable ? mode | CheckpointNotes.AllExecute : mode & ~CheckpointNotes.AllExecute
                );
            }
        }

        using var handle = GuardedFile.OpenRead(file);
        RandomAccess.FlushToDisk(handle);
    }

    // Moved aside and looked at there: what was changed in the last moment comes back.
    private async Task<IReadOnlyList<PathName>> TakeAwayAsync(List<RollbackItem> removed, Dictionary<PathName, string> failed)
    {
        var aside = scratch.File("removed");
        GuardedFolder.Create(aside);
        foreach (var item in removed)
        {
            Try(item, failed, () => _files.Take(aside, item.Name));
        }

        var taken = removed.Where(item => !failed.ContainsKey(item.Name)).ToList();
        var there = repository.At(repository.User.In(aside, repository.User.GitFolder));
        var changed = await new WorkTreeComparison(there, scratch).DifferingAsync(
            [.. taken.Select(static item => item.Expected).OfType<TreeEntry>()],
            CancellationToken.None
        );
        foreach (var item in taken.Where(item => changed.Contains(item.Name)))
        {
            failed[item.Name] = "somebody changed it in this moment, so it was left";
            _files.Put(aside, item.Name);
        }

        return [.. taken.Select(static item => item.Name).Where(path => !changed.Contains(path))];
    }

    // Folders that the removal emptied, the innermost first; not those that a file comes back to, and not those that were there before.
    private void RemoveFolders(List<PathName> removed, List<PathName> restored, CheckpointNotes target)
    {
        var needed = restored.SelectMany(static path => path.Parents).ToHashSet();
        foreach (var folder in removed.SelectMany(static path => path.Parents).Distinct().OrderByDescending(static path => path.Raw.Length))
        {
            if (
                folder != repository.Prefix
                && folder.IsIn(repository.Prefix)
                && !needed.Contains(folder)
                && !target.EmptyFolders.Contains(folder.Raw)
            )
            {
                _files.TryRemoveFolder(folder);
            }
        }
    }

    // A file comes to where a folder is whose files have all been removed.
    private void RemoveEmptied(PathName path)
    {
        if (_files.At(path) == RawFiles.Kind.Folder && !_files.TryRemoveFolder(path))
        {
            throw new IOException("a folder that is not empty is in its place");
        }
    }

    private void Sync(List<PathName> changed)
    {
        foreach (var folder in changed.Select(static path => path.Folder.Text).OfType<string>().Distinct(StringComparer.Ordinal))
        {
            var path = Path.Combine(repository.User.Root, folder);
            if (Directory.Exists(path))
            {
                DirectorySync.Flush(path);
            }
        }
    }

    private async Task VerifyAsync(List<RollbackItem> restored, List<RollbackItem> removed, Dictionary<PathName, string> failed)
    {
        var differing = await new WorkTreeComparison(repository, scratch).DifferingAsync(
            [.. restored.Select(static item => item.Target!.Value)],
            CancellationToken.None
        );
        foreach (
            var item in restored
                .Where(item => differing.Contains(item.Name))
                .Concat(removed.Where(item => _files.At(item.Name) is not (RawFiles.Kind.Nothing or RawFiles.Kind.Folder)))
        )
        {
            failed.TryAdd(item.Name, "it was seen afterwards that it is not as it should be");
        }
    }

    private static void Try(RollbackItem item, Dictionary<PathName, string> failed, Action change)
    {
        try
        {
            change();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failed[item.Name] = exception.Message;
        }
    }
}
