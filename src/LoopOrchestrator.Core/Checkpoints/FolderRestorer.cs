using LoopOrchestrator.Core.Files;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Puts back what git does not keep of folders: which were empty, and their permissions.</summary>
/// <param name="repository">The folder that looks at the work tree.</param>
internal sealed class FolderRestorer(SnapshotRepository repository)
{
    /// <summary>Puts back what is as it was left; what somebody has put into a folder since stays.</summary>
    /// <param name="left">What the run left.</param>
    /// <param name="target">What was before.</param>
    /// <returns>What could not be put back, each in a phrase.</returns>
    public IReadOnlyList<string> Restore(CheckpointNotes left, CheckpointNotes target)
    {
        var failed = new List<string>();
        foreach (var folder in target.EmptyFolders.Except(left.EmptyFolders, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Try(folder, failed, path => GuardedFolder.CreateShared(repository.User.Root, path));
        }

        var files = new RawFiles(repository.User.Root);
        foreach (var folder in left.EmptyFolders.Except(target.EmptyFolders, StringComparer.Ordinal).OrderByDescending(Length))
        {
            // One that holds something by now stays. Those around it that hold nothing any more had nothing but it and what was removed.
            var name = new PathName(folder);
            while (IsOurs(name, target) && files.TryRemoveFolder(name))
            {
                name = name.Folder;
            }
        }

        foreach (var folder in left.Folders.Keys.Union(target.Folders.Keys))
        {
            var (was, wanted) = (Mode(left, folder), Mode(target, folder));
            if (was != wanted)
            {
                Try(folder.Raw, failed, path => SetMode(path, was, wanted));
            }
        }

        return failed;
    }

    private static void SetMode(string path, UnixFileMode was, UnixFileMode wanted)
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(path) && File.GetUnixFileMode(path) == was)
        {
            File.SetUnixFileMode(path, wanted);
        }
    }

    private bool IsOurs(PathName folder, CheckpointNotes target) =>
        folder != repository.Prefix && folder.IsIn(repository.Prefix) && !target.EmptyFolders.Contains(folder.Raw);

    private static int Length(string folder) => folder.Length;

    private static UnixFileMode Mode(CheckpointNotes notes, PathName folder) =>
        notes.Folders.GetValueOrDefault(folder, CheckpointNotes.UsualFolder);

    // Never through a link: what is behind one is no folder of this work tree.
    private void Try(string folder, List<string> failed, Action<string> change)
    {
        var name = new PathName(folder);
        if (name.Text is not { } text || new RawFiles(repository.User.Root).Obstacle(new PathName(folder + "/x")) is not null)
        {
            failed.Add($"the folder {name.Display} could not be put back");
            return;
        }

        try
        {
            change(Path.Combine(repository.User.Root, text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failed.Add($"the folder {name.Display} could not be put back: {exception.Message}");
        }
    }
}
