using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>Puts back what git does not keep of folders: which were empty, and their permissions.</summary>
internal sealed class FolderRestorer
{
    private readonly SnapshotRepository _repository;
    private readonly CheckpointNotes _left;
    private readonly CheckpointNotes _target;
    private readonly HashSet<PathName> _comparable;

    private FolderRestorer(SnapshotRepository repository, CheckpointNotes left, CheckpointNotes target, HashSet<PathName> comparable)
    {
        _repository = repository;
        _left = left;
        _target = target;
        _comparable = comparable;
    }

    /// <summary>Sees which folders it is about, before any file is put back.</summary>
    /// <param name="repository">The folder that looks at the work tree.</param>
    /// <param name="left">What the run left.</param>
    /// <param name="target">What was before.</param>
    /// <exception cref="GitException">Git could not say what is in the two.</exception>
    public static async Task<FolderRestorer> PrepareAsync(
        SnapshotRepository repository,
        Snapshot left,
        Snapshot target,
        CancellationToken cancellationToken
    )
    {
        if (left.Notes.Folders.Count == 0 && target.Notes.Folders.Count == 0)
        {
            // All have the usual permissions, so there are none to compare.
            return new FolderRestorer(repository, left.Notes, target.Notes, []);
        }

        // Of a folder that one of the two does not know nobody can say which permissions it had, unless it is we who make it.
        var comparable = await FoldersAsync(repository, target, cancellationToken);
        var known = await FoldersAsync(repository, left, cancellationToken);
        comparable.RemoveWhere(folder =>
            !known.Contains(folder) && folder.Text is { } path && Directory.Exists(Path.Combine(repository.User.Root, path))
        );
        return new FolderRestorer(repository, left.Notes, target.Notes, comparable);
    }

    /// <summary>Puts back what is as it was left; what somebody has put into a folder since stays.</summary>
    /// <returns>What could not be put back, each in a phrase.</returns>
    public IReadOnlyList<string> Restore()
    {
        var (left, target) = (_left, _target);
        var failed = new List<string>();
        foreach (var folder in target.EmptyFolders.Except(left.EmptyFolders, StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            Try(folder, failed, path => GuardedFolder.CreateShared(_repository.User.Root, path));
        }

        var files = new RawFiles(_repository.User.Root);
        foreach (var folder in left.EmptyFolders.Except(target.EmptyFolders, StringComparer.Ordinal).OrderByDescending(Length))
        {
            // One that holds something by now stays. Those around it that hold nothing any more had nothing but it and what was removed.
            var name = new PathName(folder);
            while (IsOurs(name, target) && files.TryRemoveFolder(name))
            {
                name = name.Folder;
            }
        }

        foreach (var folder in left.Folders.Keys.Union(target.Folders.Keys).Where(_comparable.Contains))
        {
            var (was, wanted) = (Mode(left, folder), Mode(target, folder));
            if (was != wanted)
            {
                Try(folder.Raw, failed, path => SetMode(path, was, wanted));
            }
        }

        return failed;
    }

    private static async Task<HashSet<PathName>> FoldersAsync(
        SnapshotRepository repository,
        Snapshot snapshot,
        CancellationToken cancellationToken
    )
    {
        string[] question = ["ls-tree", "-r", "-d", "-z", "--name-only", "--full-tree", snapshot.Tree];
        var listed = await repository.RunAsync(question, cancellationToken: cancellationToken);
        return
        [
            .. PathName.List(listed.Output),
            .. snapshot.Notes.EmptyFolders.SelectMany(static folder => new PathName(folder + "/").Parents),
        ];
    }

    private static void SetMode(string path, UnixFileMode was, UnixFileMode wanted)
    {
        if (!OperatingSystem.IsWindows() && Directory.Exists(path) && File.GetUnixFileMode(path) == was)
        {
            File.SetUnixFileMode(path, wanted);
        }
    }

    private bool IsOurs(PathName folder, CheckpointNotes target) =>
        folder != _repository.Prefix && folder.IsIn(_repository.Prefix) && !target.EmptyFolders.Contains(folder.Raw);

    private static int Length(string folder) => folder.Length;

    private static UnixFileMode Mode(CheckpointNotes notes, PathName folder) =>
        notes.Folders.GetValueOrDefault(folder, CheckpointNotes.UsualFolder);

    // Never through a link: what is behind one is no folder of this work tree.
    private void Try(string folder, List<string> failed, Action<string> change)
    {
        var name = new PathName(folder);
        if (name.Text is not { } text || new RawFiles(_repository.User.Root).Obstacle(new PathName(folder + "/x")) is not null)
        {
            failed.Add($"the folder {name.Display} could not be put back");
            return;
        }

        try
        {
            change(Path.Combine(_repository.User.Root, text));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failed.Add($"the folder {name.Display} could not be put back: {exception.Message}");
        }
    }
}
