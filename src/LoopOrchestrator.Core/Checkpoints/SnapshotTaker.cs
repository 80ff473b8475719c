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

    private const int MaxEmpty = 10_000;
    private const int IndexPart = 64 * 1024;

    private static readonly TimeSpan MaxFilling = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan QuickPortion = TimeSpan.FromSeconds(10);
    private static readonly string[] Scope = ["--", ".", .. NotOurs];

    // 160000 in octal digits, the most significant byte first.
    private static readonly byte[] RepositoryMode = [0x00, 0x00, 0xE0, 0x00];
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = FileAttributes.None, IgnoreInaccessible = false };

    /// <summary>
    /// How many files the first portion of a tree has that was too much for one call. After each of which the whole index is written, so
    /// the next one is twice as large as long as they are quick.
    /// </summary>
    public int FirstPortion { get; init; } = 500;

    /// <summary>How many changes above the workspace are told apart; of more it is only said that they are not known.</summary>
    public int MaxAbove { get; init; } = 5_000;

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
        using var written = new NewObjects(repository.Objects);
        try
        {
            if (slow.Failures > 0)
            {
                await FillAsync(index, written, cancellationToken);
            }

            var taken = await TakeAsync(index, written, also ?? [], cancellationToken);
            slow.Succeed();
            return taken;
        }
        catch (GitTimeoutException)
        {
            slow.Fail();
            throw;
        }
        catch (GitException) when (isKept)
        {
            // It names objects that git's clean-up has removed since, or is damaged: read all files anew.
            GuardedFile.Delete(index);
            return await TakeAsync(index, written, also ?? [], cancellationToken);
        }
    }

    // A tree that is too much for one call, in portions: each that is done stays, whatever becomes of the next.
    private async Task FillAsync(string index, NewObjects written, CancellationToken cancellationToken)
    {
        var begun = time.GetTimestamp();
        var listed = PathName.List((await ListAsync(index, ["-o", "-m", "--exclude-standard"], cancellationToken)).Output);
        var open = listed.Where(static path => !path.Raw.EndsWith('/')).Distinct().ToList();
        var size = FirstPortion;
        var done = 0;
        while (done < open.Count)
        {
            var portion = open.GetRange(done, Math.Min(size, open.Count - done));
            var portionBegun = time.GetTimestamp();
            await AddAsync(repository.WritingTo(written), index, portion, cancellationToken);
            written.Release();
            CopyIndex(index, keptIndex);
            done += portion.Count;
            if (time.GetElapsedTime(begun) > MaxFilling)
            {
                throw new GitTimeoutException("git did not take all files in portions within two minutes; those that it took are kept");
            }

            size = time.GetElapsedTime(portionBegun) < QuickPortion ? size * 2 : size;
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

    private async Task<Snapshot> TakeAsync(
        string index,
        NewObjects written,
        IReadOnlyCollection<PathName> also,
        CancellationToken cancellationToken
    )
    {
        var writing = repository.WritingTo(written);
        if (File.Exists(index) && MayKnowRepositories(index))
        {
            // Of a repository within that its index knows, git add would ask a git of its own, with what is configured there. One that it
            // does not know it takes as it is.
            await ForgetAsync(index, Repositories((await ListAsync(index, ["-c", "-s"], cancellationToken)).Output), cancellationToken);
        }

        var tracked = repository.User.RunAsync(
            ["ls-files", "-z", "-c", "-i", "--exclude-standard", "--full-name", "-s", "--", "."],
            cancellationToken: cancellationToken
        );
        var added = await writing.TryRunAsync(index, ["add", "-A", "--ignore-errors", .. Scope], cancellationToken: cancellationToken);
        if (added.ExitCode is not (0 or 1))
        {
            throw new GitException($"git add ended with exit code {added.ExitCode}: {added.Error.Trim()}");
        }

        var wanted = IgnoredFiles((await tracked).Output).Concat(also).ToHashSet();
        var ignored = await IgnoredAsync(index, cancellationToken);
        var forgotten = ignored.Held.Where(path => !wanted.Contains(path)).ToList();
        await ForgetAsync(index, forgotten, cancellationToken);
        await AddAsync(writing, index, wanted, cancellationToken);
        var isIgnoredKnown = added.ExitCode == 0 && forgotten.Count == 0 && wanted.IsSubsetOf(ignored.Held);

        var sparse = SparseAsync(cancellationToken);
        var above = AboveAsync(cancellationToken);
        var unknown = new List<PathName>();
        IReadOnlyList<PathName> unread = [];
        if (added.ExitCode != 0)
        {
            // Something could not be read. What the index knows of it is not what it is now. Asked where the new objects are: git looks at
            // them where the times do not tell.
            var changed = PathName.List(
                (
                    await writing.RunAsync(
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

        var listing = ListAsync(index, ["-t", "-s", "-c", "-o", "--exclude-standard", "--directory"], cancellationToken);
        var tree = (await writing.RunAsync(index, ["write-tree"], cancellationToken: cancellationToken)).Text;
        written.Release();
        var (open, held) = Tagged((await listing).Output);
        var entries = held.ConvertAll(Entry);
        var ignoredPaths = isIgnoredKnown ? ignored.Others : (await IgnoredAsync(index, cancellationToken)).Others;
        unknown.AddRange(ignoredPaths);
        var repositories = entries
            .Where(static entry => entry.Mode == TreeEntry.Repository)
            .Select(static entry => entry.Path.Raw + "/")
            .Concat(unread.Where(static path => path.Raw.EndsWith('/')).Select(static path => path.Raw))
            .ToHashSet(StringComparer.Ordinal);
        var emptyFolders = EmptyFolders(
            open.Where(path => !repositories.Contains(path.Raw)),
            ignoredPaths.Select(static path => path.Raw).ToHashSet(StringComparer.Ordinal)
        );
        var known = entries.Select(static entry => entry.Path.Raw).ToHashSet(StringComparer.Ordinal);
        var (permissions, bytes) = PermissionsAndSize(entries);
        var (aboveFiles, isAboveKnown) = await above;
        var notes = new CheckpointNotes(
            unknown.Select(static path => path.Raw).Concat(repositories).ToHashSet(StringComparer.Ordinal),
            emptyFolders,
            permissions
        )
        {
            Repositories = repositories,
            Sparse = (await sparse).Where(path => !known.Contains(path)).ToHashSet(StringComparer.Ordinal),
            Folders = FolderPermissions(entries.Select(static entry => entry.Path), emptyFolders),
            Above = aboveFiles,
            IsAboveUnknown = !isAboveKnown,
        };
        GuardedFile.Move(index, keptIndex, overwrite: true);
        return new Snapshot(tree, notes) { Bytes = bytes };
    }

    // A look at the bytes, which saves a call of git nearly always: an index has the mode of each entry as it is, four bytes.
    private static bool MayKnowRepositories(string index)
    {
        using var stream = new FileStream(GuardedFile.OpenRead(index), FileAccess.Read);
        var buffer = new byte[IndexPart];
        var kept = 0;
        while (stream.Read(buffer, kept, buffer.Length - kept) is > 0 and var read)
        {
            var part = buffer.AsSpan(0, kept + read);
            if (part.IndexOf(RepositoryMode) >= 0)
            {
                return true;
            }

            // It may lie across two parts.
            kept = Math.Min(part.Length, RepositoryMode.Length - 1);
            part[^kept..].CopyTo(buffer);
        }

        return false;
    }

    // What git ignores: of the files that the index has, and of the others.
    private async Task<(IReadOnlySet<PathName> Held, IReadOnlyList<PathName> Others)> IgnoredAsync(
        string index,
        CancellationToken cancellationToken
    )
    {
        var listed = await ListAsync(index, ["-t", "-c", "-o", "-i", "--exclude-standard", "--directory"], cancellationToken);
        var (others, held) = Tagged(listed.Output);
        return (held.ToHashSet(), others);
    }

    // Lines of "ls-files -t": a letter and a blank before each; a question mark where the index does not have it.
    private static (List<PathName> Others, List<PathName> Held) Tagged(ReadOnlySpan<byte> output)
    {
        var (others, held) = (new List<PathName>(), new List<PathName>());
        foreach (var line in PathName.List(output))
        {
            (line.Raw.StartsWith("? ", StringComparison.Ordinal) ? others : held).Add(new PathName(line.Raw[2..]));
        }

        return (others, held);
    }

    private Task<GitResult> ListAsync(string index, string[] which, CancellationToken cancellationToken) =>
        repository.RunAsync(index, ["ls-files", "-z", .. which, "--full-name", .. Scope], cancellationToken: cancellationToken);

    private Task ForgetAsync(string index, IEnumerable<PathName> paths, CancellationToken cancellationToken) =>
        UpdateAsync(repository, index, ["--force-remove"], paths, cancellationToken);

    // Fails at a path behind a symbolic link, which is no file of this work tree then; those before it are in.
    private Task AddAsync(SnapshotRepository writing, string index, IEnumerable<PathName> paths, CancellationToken cancellationToken) =>
        UpdateAsync(writing, index, ["--add", "--remove"], paths, cancellationToken);

    /// <summary>The repositories within that an index knows.</summary>
    /// <param name="listed">What <c>ls-files -s -z</c> says.</param>
    public static IReadOnlyList<PathName> Repositories(ReadOnlySpan<byte> listed) =>
        [.. Entries(listed).Where(static entry => entry.Mode == TreeEntry.Repository).Select(static entry => entry.Path)];

    private async Task UpdateAsync(
        SnapshotRepository writing,
        string index,
        string[] how,
        IEnumerable<PathName> paths,
        CancellationToken cancellationToken
    )
    {
        // Paths on its input count from the folder of the call.
        if (PathName.Input(paths.Select(path => path.Below(repository.Prefix))) is { Length: > 0 } input)
        {
            await writing.TryRunAsync(index, ["update-index", .. how, "-z", "--stdin"], input, cancellationToken);
        }
    }

    private IEnumerable<PathName> IgnoredFiles(ReadOnlySpan<byte> output) =>
        Entries(output)
            .Where(entry => entry.Mode != TreeEntry.Repository && !entry.Path.Below(repository.Prefix).IsIn(new PathName(".loop")))
            .Select(static entry => entry.Path);

    // Lines of "ls-files -s": mode, object, stage, and behind a tab the path.
    private static List<TreeEntry> Entries(ReadOnlySpan<byte> output) => [.. PathName.List(output).Select(Entry)];

    private static TreeEntry Entry(PathName line)
    {
        var tab = line.Raw.IndexOf('\t', StringComparison.Ordinal);
        var parts = line.Raw[..tab].Split(' ');
        return new TreeEntry(parts[0], parts[1], new PathName(line.Raw[(tab + 1)..]));
    }

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
    private async Task<(IReadOnlyDictionary<string, string> Files, bool IsKnown)> AboveAsync(CancellationToken cancellationToken)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (repository.Prefix.Raw.Length == 0 || repository.Prefix.Text is not { } prefix || repository.User.IsOwn)
        {
            return (found, true);
        }

        GitResult listed;
        try
        {
            listed = await repository.User.TryRunAsync(
                ["status", "--porcelain", "-z", "--no-renames", "--", ":/", $":(exclude,top,literal){prefix}"],
                new Dictionary<string, string>(StringComparer.Ordinal) { ["GIT_LITERAL_PATHSPECS"] = "0" },
                cancellationToken: cancellationToken
            );
        }
        catch (GitException)
        {
            // Too much for two minutes: no reason to be without the workspace's own files.
            return (found, false);
        }

        var lines = PathName.List(listed.Output).Where(static line => line.Raw.Length > 3).ToList();
        if (!listed.Ok || lines.Count > MaxAbove)
        {
            // A part of them would change with each that comes before it.
            return (found, false);
        }

        foreach (var line in lines)
        {
            var path = new PathName(line.Raw[3..]);
            var file = path.Text is { } text ? new FileInfo(Path.Combine(repository.User.Root, text)) : null;
            var state = line.Raw[..2].Replace(' ', '.');
            found[path.Raw] = file is { Exists: true }
                ? string.Create(CultureInfo.InvariantCulture, $"{state}-{file.Length:x}-{file.LastWriteTimeUtc.Ticks:x}")
                : state;
        }

        return (found, true);
    }

    // Git names the outermost of them only, and those that have nothing but what it ignores too.
    private HashSet<string> EmptyFolders(IEnumerable<PathName> listed, HashSet<string> ignored)
    {
        var found = new HashSet<string>(StringComparer.Ordinal);
        var seen = 0;
        foreach (var path in listed.Where(path => path.Raw.EndsWith('/') && !ignored.Contains(path.Raw)))
        {
            var name = path.Raw.TrimEnd('/');
            if (path.Text is { } text)
            {
                AddEmpty(new DirectoryInfo(Path.Combine(repository.User.Root, text)), name, ignored, found, ref seen);
            }
            else
            {
                found.Add(name);
            }
        }

        return found;
    }

    // Whether nothing but folders is below it. What git ignores is not looked into.
    private static bool AddEmpty(DirectoryInfo folder, string name, HashSet<string> ignored, HashSet<string> found, ref int seen)
    {
        var isEmpty = ++seen <= MaxEmpty;
        try
        {
            foreach (var entry in isEmpty ? folder.EnumerateFileSystemInfos("*", Everything) : [])
            {
                var inner = $"{name}/{PathName.From(entry.Name).Raw}";
                isEmpty &=
                    entry is DirectoryInfo { LinkTarget: null } below
                    && !ignored.Contains(inner + "/")
                    && AddEmpty(below, inner, ignored, found, ref seen);
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // What cannot be looked at is not known to be empty.
            return false;
        }

        if (isEmpty)
        {
            found.Add(name);
        }

        return isEmpty;
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

    // The permissions that are noted, and how many bytes the files have.
    private (Dictionary<PathName, UnixFileMode> Permissions, long Bytes) PermissionsAndSize(IEnumerable<TreeEntry> entries)
    {
        var (permissions, bytes) = (new Dictionary<PathName, UnixFileMode>(), 0L);
        foreach (var entry in entries.Where(static entry => entry.IsFile))
        {
            if (entry.Path.Text is not { } path)
            {
                continue;
            }

            try
            {
                var file = new FileInfo(Path.Combine(repository.User.Root, path));
                bytes += file.Length;
                if (!OperatingSystem.IsWindows() && (file.UnixFileMode & CheckpointNotes.AllRead) != CheckpointNotes.AllRead)
                {
                    permissions[entry.Path] = file.UnixFileMode;
                }
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                // Gone since, or out of reach: the usual permissions have to do.
            }
        }

        return (permissions, bytes);
    }
}
