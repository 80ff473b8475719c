using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Tests.Git;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Checkpoints;

/// <summary>A real repository in a folder of a test's own, and everything in it that belongs to its user.</summary>
internal sealed class GitSandbox : IDisposable
{
    private static readonly ConcurrentDictionary<Action<GitSandbox>, Lazy<GitTemplate>> Templates = new();

    private readonly TemporaryFolder _folder = new();

    /// <summary>Makes an empty one.</summary>
    /// <param name="workspace">The workspace's folder below the top; the top by default.</param>
    public GitSandbox(string workspace = "")
    {
        Top = System.IO.Path.Combine(_folder.FullPath, "top");
        Directory.CreateDirectory(System.IO.Path.Combine(Top, workspace));
        Paths = new WorkspacePaths(System.IO.Path.Combine(Top, workspace));
        GitFixture.Init(Top);
        Store = new CheckpointStore(Paths, Time);
    }

    /// <summary>
    /// Makes one whose top is the workspace, with a first commit of some files. Git is asked for that commit once in a process.
    /// </summary>
    /// <param name="write">Writes the files, and does nothing else; a method of its own.</param>
    public static GitSandbox Committed(Action<GitSandbox> write)
    {
        var template = Templates.GetOrAdd(write, static write => new Lazy<GitTemplate>(() => Template(write)));
        var sandbox = new GitSandbox();
        write(sandbox);
        template.Value.Write(System.IO.Path.Combine(sandbox.Top, ".git"));
        sandbox.Git("update-index", "-q", "--refresh");
        return sandbox;
    }

    public string Top { get; }

    public WorkspacePaths Paths { get; }

    public JumpingTime Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public CheckpointStore Store { get; }

    public static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>A path in the workspace.</summary>
    public string Path(string name) => System.IO.Path.Combine(Paths.Root, name);

    /// <summary>A folder beside the repository.</summary>
    public string Beside(string name) => System.IO.Path.Combine(_folder.FullPath, name);

    public void Write(string name, string content) => Write(name, Encoding.UTF8.GetBytes(content));

    public void Write(string name, byte[] content)
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(Path(name))!);
        File.WriteAllBytes(Path(name), content);
    }

    public string Read(string name) => File.ReadAllText(Path(name));

    public bool Exists(string name) => System.IO.Path.Exists(Path(name));

    public void Delete(string name)
    {
        if (Directory.Exists(Path(name)) && new FileInfo(Path(name)).LinkTarget is null)
        {
            Directory.Delete(Path(name), recursive: true);
        }
        else
        {
            File.Delete(Path(name));
        }
    }

    /// <summary>Calls git in the workspace as its user would, and expects success.</summary>
    public string Git(params string[] arguments) => Call("git", isRequired: true, Paths.Root, arguments);

    /// <summary>Calls git where a failure is part of the plot, such as a merge with conflicts.</summary>
    public string TryGit(params string[] arguments) => Call("git", isRequired: false, Paths.Root, arguments);

    /// <summary>Calls git elsewhere.</summary>
    public static string GitIn(string folder, params string[] arguments) => Call("git", isRequired: true, folder, arguments);

    /// <summary>Runs a line of shell in the workspace: for names that .NET cannot write.</summary>
    public string Shell(string script) => Call("sh", isRequired: true, Paths.Root, "-c", script);

    public void Commit(string message = "a commit")
    {
        Git("add", "-A");
        Git("commit", "-q", "--allow-empty", "-m", message);
    }

    public Task<Checkpoint> TakeAsync(string name) => Store.TakeAsync(name, Token);

    /// <summary>Takes a checkpoint, does what a run does, takes another, and goes back.</summary>
    public async Task<RollbackResult> RunAndRollBackAsync(Action<GitSandbox> run, bool withOwnFiles = false)
    {
        var before = await TakeAsync("run-1/before");
        run(this);
        var after = await TakeAsync("run-1/after");
        return await Store.ApplyAsync(await Store.PlanAsync(before, after, withOwnFiles, Token), cancellationToken: Token);
    }

    /// <summary>
    /// Everything of the user's that may be looked at without changing it: work tree, index, HEAD, references but ours, stash, reflogs,
    /// state of git's operations.
    /// </summary>
    public IReadOnlyList<string> UserState() => [.. WorkTree(), .. GitState()];

    /// <summary>All files and folders of the work tree with their content and permissions; without what is ours.</summary>
    public IReadOnlyList<string> WorkTree() => [.. Entries(Top).Order(StringComparer.Ordinal)];

    /// <summary>
    /// What git keeps for its user: all files of its folder but objects and references of ours, and what it makes of them.
    /// </summary>
    public IReadOnlyList<string> GitState()
    {
        var folder = System.IO.Path.Combine(Top, ".git");
        return
        [
            "status "
                + Git("--no-optional-locks", "status", "--porcelain=v2", "--branch", "-z", "--ignored")
                    .Replace("! .loop/\0", "", StringComparison.Ordinal)
                    .Replace("! a folder/work [1]/.loop/\0", "", StringComparison.Ordinal)
                    .Replace('\0', '\n'),
            "head " + File.ReadAllText(System.IO.Path.Combine(folder, "HEAD")),
            .. Directory
                .EnumerateFileSystemEntries(folder, "*", SearchOption.AllDirectories)
                .Select(path => (Name: System.IO.Path.GetRelativePath(folder, path), Path: path))
                .Where(static one => one.Name.Split('/') is not (["objects", ..] or ["refs", "loop", ..]))
                .Order()
                .Select(static one => $"{one.Name} {(File.Exists(one.Path) ? Hash(one.Path) : "")}"),
        ];
    }

    public void Dispose()
    {
        try
        {
            _folder.Dispose();
        }
        catch (IOException)
        {
            // .NET cannot delete names that are not UTF-8.
            Call("rm", isRequired: true, System.IO.Path.GetTempPath(), "-rf", _folder.FullPath);
        }
    }

    private static GitTemplate Template(Action<GitSandbox> write)
    {
        using var sandbox = new GitSandbox();
        write(sandbox);
        sandbox.Commit("first");
        return GitTemplate.Of(System.IO.Path.Combine(sandbox.Top, ".git"));
    }

    private IEnumerable<string> Entries(string folder)
    {
        foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
        {
            var name = System.IO.Path.GetRelativePath(Top, entry.FullName);
            if (entry.Name is ".git" or ".loop")
            {
                continue;
            }

            if (entry.LinkTarget is { } target)
            {
                yield return $"{name} -> {target}";
            }
            else if (entry is DirectoryInfo)
            {
                yield return $"{name}/";
                foreach (var inner in Entries(entry.FullName))
                {
                    yield return inner;
                }
            }
            else if (name.Contains('\uFFFD', StringComparison.Ordinal))
            {
                yield return name;
            }
            else
            {
                yield return $"{name} {Convert.ToString((int)entry.UnixFileMode, 8)} {Hash(entry.FullName)}";
            }
        }
    }

    private static string Hash(string path) => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(path)));

    private static string Call(string program, bool isRequired, string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        foreach (
            var (name, value) in new[]
            {
                ("GIT_CONFIG_GLOBAL", "/dev/null"),
                ("GIT_CONFIG_NOSYSTEM", "1"),
                ("GIT_AUTHOR_NAME", "A User"),
                ("GIT_AUTHOR_EMAIL", "user@example.org"),
                ("GIT_COMMITTER_NAME", "A User"),
                ("GIT_COMMITTER_EMAIL", "user@example.org"),
                ("GIT_EDITOR", "true"),
                ("GIT_TERMINAL_PROMPT", "0"),
            }
        )
        {
            start.Environment[name] = value;
        }

        GitFixture.Prepare(start);
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return !isRequired || process.ExitCode == 0
            ? output
            : throw new InvalidOperationException($"{program} {string.Join(' ', arguments)}: {error.GetAwaiter().GetResult()}");
    }
}
