using System.Globalization;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// Takes snapshots of a work tree: what the user's index tracks, and what is untracked and not ignored, below the workspace's folder and
/// without <c>.loop/</c>. Which files these are depends on the present alone, not on earlier snapshots.
/// </summary>
/// <param name="repository">The folder that looks at the work tree.</param>
/// <param name="keptIndex">The index of an earlier snapshot of the same work tree to begin with, and to leave this one's in.</param>
internal sealed class SnapshotTaker(SnapshotRepository repository, string keptIndex, TimeProvider time)
{
    /// <summary>Our own folder, for git to leave out. As patterns, because git complains of a plain name that is ignored.</summary>
    public static readonly IReadOnlyList<string> NotOurs = [":(exclude).loo[p]", ":(exclude).loo[p]/*"];

    private const int Portion = 500;
    private const int MaxAbove = 500;
    private const int MaxEmpty = 10_000;

    private static readonly TimeSpan MaxFilling = TimeSpan.FromMinutes(2);
    private static readonly string[] Scope = ["--", ".", .. NotOurs];

    /// <summary>Takes one.</summary>
    /// <param name="scratch">Where the index is made.</param>
    /// <param name="also">Paths to take even where they are ignored, if they are there.</param>
    /// <exception cref="GitException">It could not be taken.</exception>
    public async Task<Snapshot> TakeAsync(
        ScratchFolder scratch,
        IReadOnlyCollection<PathName>? also = null,
        CancellationToken cancellationToken = default
    )
    {
        var slow = new SlowTree(SlowTree.MarkOf(keptIndex), time);
        if (slow.WhyNotTried is { } why)
        {
            throw new GitException(why);
        }

        var index = scratch.File("index");
        var isKept = CopyIndex(keptIndex, index);
        // By the clock of the file system, as the times of the objects are.
        var begun = Directory.GetLastWriteTimeUtc(scratch.Path);
        try
        {
            if (slow.Failures > 0)
            {
                await FillAsync(index, cancellationToken);
            }

            var taken = await TakeAsync(index, also ?? [], cancellationToken);
            slow.Succeed();
            return taken;
        }
        catch (GitTimeoutException)
        {
            slow.Fail();
            SlowTree.Clean(repository.Objects, repository.User.Root, begun);
            throw;
        }
        catch (GitException) when (isKept)
        {
            // It names objects that git's clean-up has removed since, or is damaged: read all files anew.
            GuardedFile.Delete(index);
            return await TakeAsync(index, also ?? [], cancellationToken);
        }
    }

    // A tree that is too much for one call, in portions: each that is done stays, whatever becomes of the next.
    private async Task FillAsync(string index, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var open = PathName.List((await ListAsync(index, ["-o", "-m", "--exclude-standard"], cancellationToken)).Output);
        foreach (var portion in open.Where(static path => !path.Raw.EndsWith('/')).Distinct().Chunk(Portion))
        {
            await AddAsync(index, portion, cancellationToken);
            CopyIndex(index, keptIndex);
            if (time.GetElapsedTime(begun) > MaxFilling)
            {
                throw new GitTimeoutException("git did not take all files in portions within two minutes; those that it took are kept");
            }
        }
    }

    /// <summary>
    /// Copies an index together with its time, which git compares with the files' to see what it has to read again. A later time would hide
    /// changes.
    /// </summary>
    /// <returns>Whether there was one.</returns>
    public static bool CopyIndex(string from, string to)
    {
        try
        {
            // Asked before the copy: the copy may be of a later index, never of an earlier one.
            var written = File.GetLastWriteTimeUtc(from);
            GuardedFile.Delete(to);
            GuardedFile.Copy(from, to);
            File.SetLastWriteTimeUtc(to, written);
            return true;
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }

    private async Task<Snapshot> TakeAsync(string index, IReadOnlyCollection<PathName> also, CancellationToken cancellationToken)
    {
        if (File.Exists(index))
        {
            // Of a repository within that its index knows, git add would ask a git of its own, with what is configured there. One that it
            // does not know it takes as it is.
            await ForgetAsync(index, Repositories((await ListAsync(index, ["-c", "-s"], cancellationToken)).Output), cancellationToken);
        }

        var tracked = repository.User.RunAsync(
            ["ls-files", "-z", "-c", "-i", "--exclude-standard", "--full-name", "-s", "--", "."],
            cancellationToken: cancellationToken
        );
        var added = await repository.TryRunAsync(index, ["add", "-A", "--ignore-errors", .. Scope], cancellationToken: cancellationToken);
        if (added.ExitCode is not (0 or 1))
        {
            throw new GitException($"git add ended with exit code {added.ExitCode}: {added.Error.Trim()}");
        }

        var wanted = IgnoredFiles((await tracked).Output).Concat(also).ToHashSet();
        var held = PathName.List((await ListAsync(index, ["-c", "-i", "--exclude-standard"], cancellationToken)).Output);
        await ForgetAsync(index, held.Where(path => !wanted.Contains(path)), cancellationToken);
        await AddAsync(index, wanted, cancellationToken);

        var sparse = SparseAsync(cancellationToken);
        var above = AboveAsync(cancellationToken);
        var unknown = new List<PathName>();
        IReadOnlyList<PathName> unread = [];
        if (added.ExitCode != 0)
        {
            // Something could not be read. What the index knows of it is not what it is now.
            var changed = PathName.List(
                (
                    await repository.RunAsync(
                        index,
                        ["diff-files", "-z", "--name-only", "--ignore-submodules"],
                        cancellationToken: cancellationToken
                    )
                ).Output
            );
            await ForgetAsync(index, changed, cancellationToken);
            unread = PathName.List((await ListAsync(index, ["-o", "--exclude-standard"], cancellationToken)).Output);
            unknown.AddRange(changed);
            unknown.AddRange(unread);
        }

        var ignored = ListAsync(index, ["-o", "-i", "--exclude-standard", "--directory"], cancellationToken);
        var empty = ListAsync(index, ["-o", "--exclude-standard", "--directory"], cancellationToken);
        var listed = ListAsync(index, ["-c", "-s"], cancellationToken);
        var tree = (await repository.RunAsync(index, ["write-tree"], cancellationToken: cancellationToken)).Text;
        var entries = Entries((await listed).Output);
        unknown.AddRange(PathName.List((await ignored).Output));
        var repositories = entries
            .Where(static entry => entry.Mode == TreeEntry.Repository)
            .Select(static entry => entry.Path.Raw + "/")
            .Concat(unread.Where(static path => path.Raw.EndsWith('/')).Select(static path => path.Raw))
            .ToHashSet(StringComparer.Ordinal);
        var emptyFolders = EmptyFolders(PathName.List((await empty).Output).Where(path => !repositories.Contains(path.Raw)));
        var known = entries.Select(static entry => entry.Path.Raw).ToHashSet(StringComparer.Ordinal);
        var notes = new CheckpointNotes(
            unknown.Select(static path => path.Raw).Concat(repositories).ToHashSet(StringComparer.Ordinal),
            emptyFolders,
            Permissions(entries)
        )
        {
            Repositories = repositories,
            Sparse = (await sparse).Where(path => !known.Contains(path)).ToHashSet(StringComparer.Ordinal),
            Folders = FolderPermissions(entries.Select(static entry => entry.Path), emptyFolders),
            Above = await above,
        };
        GuardedFile.Move(index, keptIndex, overwrite: true);
        return new Snapshot(tree, notes);
    }

    private Task<GitResult> ListAsync(string index, string[] which, CancellationToken cancellationToken) =>
        repository.RunAsync(index, ["ls-files", "-z", .. which, "--full-name", .. Scope], cancellationToken: cancellationToken);

    private Task ForgetAsync(string index, IEnumerable<PathName> paths, CancellationToken cancellationToken) =>
        UpdateAsync(index, ["--force-remove"], paths, cancellationToken);

    // Fails at a path behind a symbolic link, which is no file of this work tree then; those before it are in.
    private Task AddAsync(string index, IEnumerable<PathName> paths, CancellationToken cancellationToken) =>
        UpdateAsync(index, ["--add", "--remove"], paths, cancellationToken);

    /// <summary>The repositories within that an index knows.</summary>
    /// <param name="listed">What <c>ls-files -s -z</c> says.</param>
    public static IReadOnlyList<PathName> Repositories(ReadOnlySpan<byte> listed) =>
        [.. Entries(listed).Where(static entry => entry.Mode == TreeEntry.Repository).Select(static entry => entry.Path)];

    private async Task UpdateAsync(string index, string[] how, IEnumerable<PathName> paths, CancellationToken cancellationToken)
    {
        // Paths on its input count from the folder of the call.
        if (PathName.Input(paths.Select(path => path.Below(repository.Prefix))) is { Length: > 0 } input)
        {
            await repository.TryRunAsync(index, ["update-index", .. how, "-z", "--stdin"], input, cancellationToken);
        }
    }

    private IEnumerable<PathName> IgnoredFiles(ReadOnlySpan<byte> output) =>
        Entries(output)
            .Where(entry => entry.Mode != TreeEntry.Repository && !entry.Path.Below(repository.Prefix).IsIn(new PathName(".loop")))
            .Select(static entry => entry.Path);

    // Lines of "ls-files -s": mode, object, stage, and behind a tab the path.
    private static List<TreeEntry> Entries(ReadOnlySpan<byte> output) =>
        [
            .. PathName
                .List(output)
                .Select(static line =>
                {
                    var tab = line.Raw.IndexOf('\t', StringComparison.Ordinal);
                    var parts = line.Raw[..tab].Split(' ');
                    return new TreeEntry(parts[0], parts[1], new PathName(line.Raw[(tab + 1)..]));
                }),
        ];

    // What the user's git leaves out of the work tree on purpose. Asked only where somebody has set that up.
    private async Task<IEnumerable<string>> SparseAsync(CancellationToken cancellationToken)
    {
        if (!File.Exists(Path.Combine(repository.User.GitFolder, "info", "sparse-checkout")))
        {
            return [];
        }

        string[] question = ["ls-files", "-z", "-t", "--full-name", "--", "."];
        var listed = await repository.User.RunAsync(question, cancellationToken: cancellationToken);
        return PathName
            .List(listed.Output)
            .Select(static line => line.Raw)
            .Where(static line => line.StartsWith("S ", StringComparison.Ordinal))
            .Select(static line => line[2..]);
    }

    // A workspace in a folder of its repository: what is above it is in no checkpoint, so at least that it changed is to be told.
    private async Task<IReadOnlyDictionary<string, string>> AboveAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (repository.Prefix.Raw.Length == 0 || repository.Prefix.Text is not { } prefix || repository.User.IsOwn)
        {
            return found;
        }

        var listed = await repository.User.TryRunAsync(
            ["status", "--porcelain", "-z", "--no-renames", "--", ":/", $":(exclude,top,literal){prefix}"],
            new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_LITERAL_PATHSPECS"] = "0" },
            cancellationToken: cancellationToken
        );
        foreach (var line in PathName.List(listed.Output).Where(static line => line.Raw.Length > 3).Take(MaxAbove))
        {
            var path = new PathName(line.Raw[3..]);
            var file = path.Text is { } text ? new FileInfo(Path.Combine(repository.User.Root, text)) : null;
            var state = line.Raw[..2].Replace(' ', '.');
            found[path.Raw] = file is { Exists: true }
                ? string.Create(CultureInfo.InvariantCulture, $"{state}-{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}")
                : state;
        }

        return found;
    }

    // Git names the outermost of them only.
    private HashSet<string> EmptyFolders(IEnumerable<PathName> listed)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        foreach (var path in listed.Where(static path => path.Raw.EndsWith('/')).Select(static path => path.Raw.TrimEnd('/')))
        {
            found.Add(path);
            if (new PathName(path).Text is { } text && found.Count < MaxEmpty)
            {
                found.UnionWith(
                    Below(Path.Combine(repository.User.Root, text))
                        .Take(MaxEmpty)
                        .Select(inner => PathName.From(Path.GetRelativePath(repository.User.Root, inner).Replace('\\', '/')).Raw)
                );
            }
        }

        return found;
    }

    private static IEnumerable<string> Below(string folder)
    {
        try
        {
            return Directory.EnumerateDirectories(
                folder,
                "*",
                new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = FileAttributes.ReparsePoint }
            );
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    private Dictionary<PathName, UnixFileMode> FolderPermissions(IEnumerable<PathName> files, IEnumerable<string> empty)
    {
        var permissions = new Dictionary<PathName, UnixFileMode>();
        if (OperatingSystem.IsWindows())
        {
            return permissions;
        }

        var folders = files.SelectMany(static path => path.Parents).Concat(empty.Select(static path => new PathName(path))).ToHashSet();
        foreach (var folder in folders.Where(folder => folder != repository.Prefix && folder.IsIn(repository.Prefix)))
        {
            try
            {
                if (
                    folder.Text is { } path
                    && File.GetUnixFileMode(Path.Combine(repository.User.Root, path)) is var mode
                    && mode != CheckpointNotes.UsualFolder
                )
                {
                    permissions[folder] = mode;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Gone since, or out of reach.
            }
        }

        return permissions;
    }

    private Dictionary<PathName, UnixFileMode> Permissions(IEnumerable<TreeEntry> entries)
    {
        var permissions = new Dictionary<PathName, UnixFileMode>();
        if (OperatingSystem.IsWindows())
        {
            return permissions;
        }

        foreach (var entry in entries.Where(static entry => entry.IsFile))
        {
            if (entry.Path.Text is not { } path)
            {
                continue;
            }

            try
            {
                var mode = File.GetUnixFileMode(Path.Combine(repository.User.Root, path));
                if ((mode & CheckpointNotes.AllRead) != CheckpointNotes.AllRead)
                {
                    permissions[entry.Path] = mode;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Gone since, or out of reach: the usual permissions have to do.
            }
        }

        return permissions;
    }
}
