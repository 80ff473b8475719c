using System.Diagnostics;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Tests.Git;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Commits;

/// <summary>A git repository of a test's own, with an identity of its own, and the workspace in it or in a folder of it.</summary>
internal sealed class TestRepository : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public TestRepository(string workspace = "")
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Uses file modes and a shell.");
        Root = _folder.FullPath;
        Workspace = workspace.Length == 0 ? Root : Path.Combine(Root, workspace);
        Directory.CreateDirectory(Workspace);
        GitFixture.Init(
            Root,
            ("user.name", "A Tester"),
            ("user.email", "tester@example.org"),
            ("core.autocrlf", "false"),
            ("core.excludesFile", "/dev/null"),
            ("commit.gpgSign", "false"),
            ("core.hooksPath", "/dev/null")
        );
    }

    public string Root { get; }

    public string Workspace { get; }

    public string Head => Git("rev-parse", "HEAD").Trim();

    /// <summary>First lines of all commits, the newest first.</summary>
    public string[] Subjects => Lines(Git("log", "--format=%s"));

    /// <summary>What a commit changed, one line each: status letter and path.</summary>
    public string[] Changes(string commit = "HEAD") =>
        Git("show", "--format=", "--name-status", "--no-renames", "-z", "--root", commit)
            .Split('\0', StringSplitOptions.RemoveEmptyEntries)
            .Chunk(2)
            .Select(static pair => $"{pair[0].Trim()} {pair[1]}")
            .ToArray();

    /// <summary>How things stand, one line each.</summary>
    public string[] Status =>
        Git("-c", "core.quotePath=false", "status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all")
            .Split('\0', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The user's index, one line for each entry.</summary>
    public string[] Index => Git("ls-files", "-s", "-z").Split('\0', StringSplitOptions.RemoveEmptyEntries);

    public CommitService Service(CommitSettings? settings = null, bool trusted = true, TimeProvider? time = null) =>
        TrustedCommits.Of(
            new WorkspacePaths(Workspace),
            settings ?? new CommitSettings(),
            new WorkspaceTrust(Workspace, trusted ? "the test" : null, Path.Combine(Root, ".git", "nobody-is-trusted")),
            time ?? TimeProvider.System
        );

    public Task<CommitResult> MakeAsync(
        CommitSettings? settings = null,
        Func<CommitGroup, Task<GateAnswer>>? gate = null,
        string? message = null,
        bool allowDetached = false
    ) =>
        Service(settings)
            .MakeAsync(
                new CommitRequest { Message = message, AllowDetached = allowDetached },
                gate is null ? null : (group, _) => gate(group),
                cancellationToken: TestContext.Current.CancellationToken
            );

    public string Write(string path, string content = "text\n")
    {
        var file = Path.Combine(Root, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, content);
        return file;
    }

    public static void MakeExecutable(string file)
    {
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    public void Commit(string message = "before")
    {
        Git("add", "-A");
        Git("commit", "-q", "-m", message);
    }

    public string Show(string spec) => Git("show", spec);

    public string Git(params string[] arguments)
    {
        var (exitCode, output, error) = TryGit(arguments);
        exitCode.Should().Be(0, "git {0} said: {1}", string.Join(' ', arguments), error);
        return output;
    }

    public (int ExitCode, string Output, string Error) TryGit(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = Root,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        GitFixture.Prepare(start);
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Dispose() => _folder.Dispose();

    private static string[] Lines(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
