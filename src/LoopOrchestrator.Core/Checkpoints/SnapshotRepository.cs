using System.Text;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Checkpoints;

/// <summary>
/// A git folder of our own in <c>.loop/</c> that looks at the user's work tree and keeps its objects among the user's. The user's index,
/// HEAD, branches and stash belong to another git folder, so no call made here can touch them. It has attributes of its own that turn every
/// conversion off (line ends, filters, encodings): what it stores and writes is what is in the files, byte for byte, and no program that
/// the
/// user's configuration names is started. Safe for many threads and processes: each call brings an index file of its own.
/// </summary>
internal sealed class SnapshotRepository
{
    // '!', because git refuses a working-tree-encoding that is off.
    private const string Attributes = "* -text -crlf -eol -filter -ident !working-tree-encoding !merge !diff\n";

    // What depends on the file system, or says what is ignored, is as the user's repository has it.
    private static readonly string[] Inherited =
    [
        "core.symlinks",
        "core.ignorecase",
        "core.precomposeunicode",
        "core.excludesfile",
        "core.longpaths",
        "core.sharedrepository",
        "core.protectntfs",
        "core.protecthfs",
    ];

    // One sync for all new objects instead of one each; versions that do not know it sync each pack and leave loose objects to the system.
    private const string Fixed = """
        [core]
            bare = false
            autocrlf = false
            safecrlf = false
            fsmonitor = false
            untrackedCache = false
            splitIndex = false
            sparseCheckout = false
            logAllRefUpdates = false
            bigFileThreshold = 32m
            looseCompression = 1
            fsync = committed,loose-object
            fsyncMethod = batch
        [index]
            sparse = false
        [submodule]
            recurse = false
        [advice]
            addEmbeddedRepo = false
        [gc]
            auto = 0

        """;

    private const string Sha1 = "sha1";

    private readonly string _gitFolder;
    private readonly string _objects;

    private SnapshotRepository(GitRepository user, string gitFolder, string objects, PathName prefix)
    {
        User = user;
        _gitFolder = gitFolder;
        _objects = objects;
        Prefix = prefix;
    }

    /// <summary>The user's repository.</summary>
    public GitRepository User { get; }

    /// <summary>The workspace's folder below the top of the work tree; empty where it is the top.</summary>
    public PathName Prefix { get; }

    /// <summary>Where its objects are.</summary>
    public string Objects => _objects;

    /// <summary>Where further objects are that its own build on; none where not given.</summary>
    private string? Others { get; init; }

    /// <summary>The index that the last checkpoint left: what it knows of unchanged files saves reading them. May be missing.</summary>
    public string KeptIndex => KeptIn(_gitFolder);

    /// <summary>Names what the last checkpoint had beside it. May be missing.</summary>
    public string KeptSide => Path.Combine(_gitFolder, "kept-side");

    /// <summary>The kept indexes of a workspace: for the user's repository, and for the copies. Either may be missing.</summary>
    public static IReadOnlyList<string> KeptIndexesOf(WorkspacePaths paths) =>
        [KeptIn(FolderOf(paths)), KeptIn(CheckpointMirror.FolderOf(paths))];

    /// <summary>Makes the folder ready.</summary>
    /// <param name="user">The user's repository, as it was just found in the workspace.</param>
    /// <param name="toWrite">
    /// Whether files of the work tree are read or written, by the user's settings of this moment. Objects and references can be read by
    /// those of the last time, without asking git.
    /// </param>
    /// <exception cref="GitException">git could not tell what is needed.</exception>
    public static async Task<SnapshotRepository> OpenAsync(
        WorkspacePaths paths,
        GitRepository user,
        bool toWrite,
        CancellationToken cancellationToken
    )
    {
        var gitFolder = FolderOf(paths);
        MakeFolders(paths, gitFolder);
        var places = user.Places ?? throw new GitException("git does not say where its objects are; its version is too old");
        var config = Path.Combine(gitFolder, "config");
        if (toWrite || DurableFile.ReadOrNull(config) is not { } present || HasFormat(present) != (places.ObjectFormat != Sha1))
        {
            var settings = (await user.ConfigurationAsync(cancellationToken)).Where(static key => Inherited.Contains(key));
            Write(Path.Combine(gitFolder, "info", "attributes"), Encoding.UTF8.GetBytes(Attributes));
            Write(Path.Combine(gitFolder, "info", "exclude"), DurableFile.ReadOrNull(places.Exclude) ?? []);
            Write(config, Encoding.UTF8.GetBytes(Configuration(settings, places.ObjectFormat)));
        }

        return new SnapshotRepository(user, gitFolder, places.Objects, PathName.From(places.Prefix));
    }

    /// <summary>Makes the repository of our own ready, with the settings that it has. Asks nothing of git.</summary>
    public static SnapshotRepository OpenOwn(WorkspacePaths paths, GitRepository own)
    {
        MakeFolders(paths, own.GitFolder);
        Write(Path.Combine(own.GitFolder, "info", "attributes"), Encoding.UTF8.GetBytes(Attributes));
        var config = Path.Combine(own.GitFolder, "config");
        if (!GuardedFile.Exists(config))
        {
            Write(config, Encoding.UTF8.GetBytes(Configuration([], Sha1)));
        }

        var prefix = own.IsTop ? "" : Path.GetRelativePath(own.Root, own.Folder).Replace('\\', '/');
        return new SnapshotRepository(own, own.GitFolder, Path.Combine(own.GitFolder, "objects"), PathName.From(prefix));
    }

    /// <summary>
    /// A repository that can stand without the user's, made ready: the same settings and the same list of what is ignored, and objects of
    /// its own. Asks nothing of git.
    /// </summary>
    /// <param name="own">The repository of our own, looking at the same work tree.</param>
    /// <returns>
    /// <see langword="null"/> where it has other objects already: the user's repository was made anew in another format.
    /// </returns>
    public SnapshotRepository? CopySettingsTo(WorkspacePaths paths, GitRepository own)
    {
        MakeFolders(paths, own.GitFolder);
        var config = DurableFile.ReadOrNull(Path.Combine(_gitFolder, "config")) ?? [];
        var known = Path.Combine(own.GitFolder, "config");
        if (DurableFile.ReadOrNull(known) is { } present && HasFormat(present) != HasFormat(config))
        {
            return null;
        }

        Write(known, config);
        Write(Path.Combine(own.GitFolder, "info", "attributes"), Encoding.UTF8.GetBytes(Attributes));
        Write(Path.Combine(own.GitFolder, "info", "exclude"), DurableFile.ReadOrNull(Path.Combine(_gitFolder, "info", "exclude")) ?? []);
        return new SnapshotRepository(own, own.GitFolder, Path.Combine(own.GitFolder, "objects"), Prefix);
    }

    private static string FolderOf(WorkspacePaths paths) => Path.Combine(paths.Checkpoints, "git");

    private static string KeptIn(string gitFolder) => Path.Combine(gitFolder, "kept-index");

    private static bool HasFormat(byte[] config) => config.AsSpan().IndexOf("objectFormat"u8) >= 0;

    private static void MakeFolders(WorkspacePaths paths, string gitFolder)
    {
        WorkspaceBounds.Check(paths, gitFolder);
        foreach (var folder in (string[])["objects", "objects/pack", "refs", "info"])
        {
            GuardedFolder.Create(Path.Combine(gitFolder, folder));
        }

        Write(Path.Combine(gitFolder, "HEAD"), "ref: refs/heads/none\n"u8);
    }

    /// <summary>The same, with what it writes in a folder apart.</summary>
    public SnapshotRepository WritingTo(NewObjects written) => new(User, _gitFolder, written.Path, Prefix) { Others = _objects };

    /// <summary>The same, looking at another work tree of the user's repository.</summary>
    public SnapshotRepository At(GitRepository worktree) => new(worktree, _gitFolder, _objects, Prefix);

    /// <summary>Calls git and expects success.</summary>
    /// <param name="index">The index file of this call.</param>
    /// <exception cref="GitException">It did not succeed.</exception>
    public Task<GitResult> RunAsync(
        string index,
        IReadOnlyList<string> arguments,
        byte[]? input = null,
        CancellationToken cancellationToken = default
    ) => User.RunAsync(arguments, Environment(index), input, cancellationToken);

    /// <summary>The same, for calls whose exit code is an answer.</summary>
    public Task<GitResult> TryRunAsync(
        string index,
        IReadOnlyList<string> arguments,
        byte[]? input = null,
        CancellationToken cancellationToken = default
    ) => User.TryRunAsync(arguments, Environment(index), input, cancellationToken);

    /// <summary>Calls git where no index counts.</summary>
    /// <exception cref="GitException">It did not succeed.</exception>
    public Task<GitResult> RunAsync(IReadOnlyList<string> arguments, byte[]? input = null, CancellationToken cancellationToken = default) =>
        RunAsync(Path.Combine(_gitFolder, "no-index"), arguments, input, cancellationToken);

    /// <summary>What leads git to this folder; for calls that set more.</summary>
    public IReadOnlyDictionary<string, string> Environment(string index)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["GIT_DIR"] = _gitFolder,

            // Whatever a file named commondir says there.
            ["GIT_COMMON_DIR"] = _gitFolder,
            ["GIT_WORK_TREE"] = User.Root,
            ["GIT_OBJECT_DIRECTORY"] = _objects,
            ["GIT_INDEX_FILE"] = index,
            ["GIT_LITERAL_PATHSPECS"] = "0",
            ["GIT_AUTHOR_NAME"] = "Loop Orchestrator",
            ["GIT_AUTHOR_EMAIL"] = "loop-orchestrator@localhost",
            ["GIT_COMMITTER_NAME"] = "Loop Orchestrator",
            ["GIT_COMMITTER_EMAIL"] = "loop-orchestrator@localhost",
        };
        if (Others is not null)
        {
            // A list whose separator may be in a path; in quotes git takes it as it is.
            var quoted = Others.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
            variables["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = $"\"{quoted}\"";
        }

        return variables;
    }

    private static string Configuration(IEnumerable<GitSetting> inherited, string objectFormat)
    {
        // Whatever the user's says of it: permissions are to come back too.
        var text = new StringBuilder(Fixed).Append($"[core]\nfileMode = {(OperatingSystem.IsWindows() ? "false" : "true")}\n");
        foreach (var setting in inherited)
        {
            var quoted = (setting.IsNameAlone ? "true" : setting.Value)
                .Replace("\\", "\\\\", StringComparison.Ordinal)
                .Replace("\"", "\\\"", StringComparison.Ordinal)
                .Replace("\n", "\\n", StringComparison.Ordinal);
            text.Append($"[{setting.Section}]\n{setting.Name} = \"{quoted}\"\n");
        }

        return text.Append(
                objectFormat == Sha1
                    ? "[core]\nrepositoryFormatVersion = 0\n"
                    : $"[core]\nrepositoryFormatVersion = 1\n[extensions]\nobjectFormat = {objectFormat}\n"
            )
            .ToString();
    }

    // Several processes do this at once, and another one's git may be reading.
    private static void Write(string path, ReadOnlySpan<byte> content)
    {
        if (DurableFile.ReadOrNull(path) is not { } present || !content.SequenceEqual(present))
        {
            DurableFile.ReplaceUnsynced(path, content);
        }
    }
}
