using System.Diagnostics;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Tests.Checkpoints;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>An <c>index.lock</c> that a killed git left, as against one that somebody is at work with.</summary>
public sealed class GitLockTests : IDisposable
{
    private readonly GitSandbox _sandbox = new();

    public GitLockTests() => Assert.SkipUnless(OperatingSystem.IsLinux(), "Who has a file open is told by /proc.");

    private string LockFile => Path.Combine(_sandbox.Top, ".git", "index.lock");

    public void Dispose() => _sandbox.Dispose();

    /// <summary>When the lock was written and the run ended, in seconds from now; the run began a minute ago.</summary>
    [Theory]
    [InlineData(-30, -20, true)]
    [InlineData(-90, -20, false)]
    [InlineData(-30, -40, false)]
    [InlineData(-2, -1, false)]
    public void RemoveLeftover_LockNobodyIsAtWorkWith_GoesOnlyWhereTheRunHasLeftIt(int written, int ended, bool goes)
    {
        WriteLock(written);

        var told = RemoveLeftover(ended);

        (told?.Contains("index.lock, which was removed", StringComparison.Ordinal) ?? false).Should().Be(goes);
        File.Exists(LockFile).Should().Be(!goes);
    }

    [Fact]
    public void RemoveLeftover_ThatAProcessHasOpen_Stays()
    {
        WriteLock(-30);
        using var holder = StartWaiting("sh", "-c", $"exec 3< '{LockFile}'; echo ready; read line");

        RemoveLeftover(-20).Should().BeNull();

        File.Exists(LockFile).Should().BeTrue();
        holder.StandardInput.Close();
        holder.WaitForExit();
    }

    [Fact]
    public void RemoveLeftover_GitAtWorkAboveTheWorkspace_Stays()
    {
        WriteLock(-30);
        var workspace = Directory.CreateDirectory(Path.Combine(_sandbox.Top, "work")).FullName;
        using var git = StartWaiting("git", "cat-file", "--batch");

        GitLock.Find(workspace)[0].RemoveLeftover(workspace, Moment(-60), Moment(-20), Moment(0)).Should().BeNull();

        File.Exists(LockFile).Should().BeTrue();
        git.StandardInput.Close();
        git.WaitForExit();
    }

    [Fact]
    public void RemoveLeftover_ALink_IsNone()
    {
        File.CreateSymbolicLink(LockFile, "/etc/hostname");

        GitLock.Find(_sandbox.Top).Should().BeEmpty("git makes a file, and what a link leads to is somebody else's");
    }

    [Fact]
    public void Find_InALinkedWorkTree_IsThatOfTheWorkTree()
    {
        var linked = Directory.CreateDirectory(_sandbox.Beside("linked")).FullName;
        var own = Directory.CreateDirectory(Path.Combine(_sandbox.Top, ".git", "worktrees", "linked")).FullName;
        File.WriteAllText(Path.Combine(linked, ".git"), $"gitdir: {own}\n");
        File.WriteAllText(Path.Combine(own, "index.lock"), "");

        GitLock.Find(linked).Should().ContainSingle().Which.Path.Should().Be(Path.Combine(own, "index.lock"));
    }

    [Theory]
    [InlineData("HEAD.lock", "ref: refs/heads/main", true)]
    [InlineData("refs/heads/main.lock", "ref: refs/heads/main", true)]
    [InlineData("refs/heads/a/b.lock", "ref: refs/heads/a/b", true)]
    [InlineData("refs/heads/other.lock", "ref: refs/heads/main", false)]
    [InlineData("other.lock", "ref: refs/heads/../../other", false)]
    [InlineData("refs/heads/main.lock", "0000000000000000000000000000000000000001", false)]
    public void Find_OtherLocksThatACommitNeeds_AreFound(string name, string head, bool isFound)
    {
        var git = Path.Combine(_sandbox.Top, ".git");
        File.WriteAllText(Path.Combine(git, "HEAD"), head + "\n");
        var file = Path.Combine(git, name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "");
        File.SetLastWriteTimeUtc(file, Moment(-30).UtcDateTime);

        GitLock.Find(_sandbox.Top).Select(static one => one.Path).Should().Equal(isFound ? [file] : []);
        foreach (var found in GitLock.Find(_sandbox.Top))
        {
            found.RemoveLeftover(_sandbox.Top, Moment(-60), Moment(-20), Moment(0)).Should().Contain("removed");
        }

        File.Exists(file).Should().Be(!isFound);
    }

    [Fact]
    public async Task Attention_OldLock_SaysItsAgeWhoLeftItAndWhatToDo()
    {
        File.WriteAllText(LockFile, "");
        File.SetLastWriteTimeUtc(LockFile, _sandbox.Time.GetUtcNow().UtcDateTime.AddHours(-3));

        (
            await GitAttention.DescribeAsync(
                _sandbox.Paths,
                _sandbox.Time,
                static _ => Task.FromResult<string?>("run run-1 (code)"),
                GitSandbox.Token
            )
        )
            .Should()
            .Equal(
                $"{LockFile} is there for 3 h and no process has it open: every commit here fails until it is gone. It was written "
                    + $"while run run-1 (code) went on. When nobody is committing by hand, remove it: rm {LockFile}"
            );
    }

    [Fact]
    public void Explain_OldLock_IsNoWordOfGits() =>
        new GitLock(LockFile, _sandbox.Time.GetUtcNow().AddMinutes(-10))
            .Explain(_sandbox.Top, _sandbox.Time.GetUtcNow())
            .Should()
            .Be(
                $"{LockFile} is there for 10 min, and no process has it open: a git command that was killed has left it. When nobody "
                    + $"is committing by hand, remove it (rm {LockFile}), then repeat this"
            );

    [Fact]
    public async Task Advice_TrackedFilesOfTheLoop_AreNamedUntilGitJoinsThem()
    {
        _sandbox.Write("task_timing.tsv", "a\tb\n");
        _sandbox.Write("persistent-memory.md", "# Memory\n");
        _sandbox.Commit();

        (await AdviceAsync()).Should().ContainSingle().Which.Should().StartWith("Git tracks persistent-memory.md and task_timing.tsv");

        _sandbox.Write(".gitattributes", "/task_timing.tsv merge=union\n");
        (await AdviceAsync()).Should().ContainSingle().Which.Should().StartWith("Git tracks persistent-memory.md, to which");

        _sandbox.Write(".gitattributes", "/task_timing.tsv merge=union\n/persistent-memory.md merge=union\n");
        (await AdviceAsync()).Should().BeEmpty();
    }

    [Fact]
    public async Task Advice_NoRepository_SaysWhatIsMissingThen()
    {
        _sandbox.Delete(".git");

        (await AdviceAsync()).Should().ContainSingle().Which.Should().Contain("no git work tree").And.Contain("git init");
        GitAdvice.IsBareRepository(_sandbox.Top).Should().BeFalse();
        foreach (var name in (string[])["objects", "refs"])
        {
            Directory.CreateDirectory(Path.Combine(_sandbox.Beside("bare"), name));
        }

        File.WriteAllText(Path.Combine(_sandbox.Beside("bare"), "HEAD"), "ref: refs/heads/main\n");
        GitAdvice.IsBareRepository(_sandbox.Beside("bare")).Should().BeTrue();
    }

    private static DateTimeOffset Moment(int seconds) => DateTimeOffset.UtcNow.AddSeconds(seconds);

    private void WriteLock(int seconds)
    {
        File.WriteAllText(LockFile, "");
        File.SetLastWriteTimeUtc(LockFile, Moment(seconds).UtcDateTime);
    }

    private string? RemoveLeftover(int ended) =>
        GitLock.Find(_sandbox.Top)[0].RemoveLeftover(_sandbox.Top, Moment(-60), Moment(ended), Moment(0));

    // One that says a line, in answer to one, and goes on until its input ends.
    private Process StartWaiting(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _sandbox.Top,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        var process = Process.Start(start)!;
        if (program == "git")
        {
            process.StandardInput.WriteLine("HEAD");
            process.StandardInput.Flush();
        }

        process.StandardOutput.ReadLine();
        return process;
    }

    private Task<IReadOnlyList<string>> AdviceAsync() =>
        GitAdvice.DescribeAsync(_sandbox.Paths, trusted: false, _sandbox.Time, GitSandbox.Token);
}
