using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Tests.Checkpoints;

public sealed class StepWorktreesTests
{
    private static CancellationToken Token => GitSandbox.Token;

    public static TheoryData<string> States =>
        [
            "staged",
            "untracked",
            "merge with conflicts",
            "rebase stopped by a conflict",
            "detached HEAD",
            "branch without a commit",
            "empty repository",
            "submodule",
            "workspace in a folder",
            "odd names",
            "links",
            "line ends by setting",
            "line ends by attribute",
            "filter that fails",
            "our files",
            "linked work tree",
        ];

    // One for each rule: index and work tree apart, an index with conflicts, no commit, a repository inside, a folder, links, line ends,
    // filters.
    public static TheoryData<string> DailyStates =>
        [
            "staged",
            "merge with conflicts",
            "branch without a commit",
            "submodule",
            "workspace in a folder",
            "links",
            "line ends by attribute",
            "filter that fails",
        ];

    [Theory]
    [MemberData(nameof(DailyStates))]
    public Task CreateAsync_ImportantState_HasTheSameFilesAndNothingOfTheUsersChanges(string state) => CreateAsync(state);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [MemberData(nameof(States))]
    public Task CreateAsync_AnyState_HasTheSameFilesAndNothingOfTheUsersChanges(string state) => CreateAsync(state);

    private static async Task CreateAsync(string state)
    {
        using var sandbox = UserStates.All[state]();
        var was = sandbox.UserState().Where(NotOurs).ToList();
        var worktrees = new StepWorktrees(sandbox.Paths, sandbox.Time);

        var worktree = await worktrees.CreateAsync("step-1", Token);

        (await worktrees.ChangesAsync(worktree, Token)).IsEmpty.Should().BeTrue();
        sandbox.UserState().Where(NotOurs).Should().Equal(was);
        foreach (
            var file in sandbox
                .Git("ls-files", "-z", "-c", "-o", "--exclude-standard")
                .Split('\0', StringSplitOptions.RemoveEmptyEntries)
                .Where(name => File.Exists(sandbox.Path(name)) && !name.Contains('\uFFFD', StringComparison.Ordinal))
        )
        {
            var (there, here) = (new FileInfo(Path.Combine(worktree.Folder, file)), new FileInfo(sandbox.Path(file)));
            there.LinkTarget.Should().Be(here.LinkTarget, file);
            if (here.LinkTarget is null)
            {
                File.ReadAllBytes(there.FullName).Should().Equal(File.ReadAllBytes(here.FullName), file);
                there.UnixFileMode.Should().Be(here.UnixFileMode, file);
            }
        }

        await worktrees.RemoveAsync("step-1", Token);
        sandbox.UserState().Where(NotOurs).Should().Equal(was);
        sandbox.Git("worktree", "list").Should().NotContain("step-1");
        sandbox.Git("for-each-ref", "refs/loop/worktrees").Should().BeEmpty();
    }

    [Fact]
    public async Task CreateAsync_WorkNotCommitted_IsACommitThere()
    {
        using var sandbox = Repository();
        sandbox.Write("a.txt", "not committed\n");
        sandbox.Write("loose.txt", "never added\n");

        var worktree = await new StepWorktrees(sandbox.Paths, sandbox.Time).CreateAsync("step-1", Token);

        GitSandbox.GitIn(worktree.Folder, "status", "--porcelain").Should().BeEmpty();
        GitSandbox
            .GitIn(worktree.Folder, "rev-parse", "HEAD", "HEAD^")
            .Split('\n')[..2]
            .Should()
            .Equal(worktree.Head, sandbox.Git("rev-parse", "HEAD").Trim());
        GitSandbox.GitIn(worktree.Folder, "reset", "-q", "--hard");
        File.ReadAllText(Path.Combine(worktree.Folder, "loose.txt")).Should().Be("never added\n");
    }

    [Fact]
    public async Task ChangesAsync_WhatTheStepDid_IsToldAndTheWorkspaceIsAsItWas()
    {
        using var sandbox = Repository();
        var (worktrees, worktree) = await WorkAsync(sandbox);
        GitSandbox.GitIn(worktree.Folder, "commit", "-q", "-a", "-m", "the step's");

        var changes = await worktrees.ChangesAsync(worktree, Token);

        changes
            .Files.Select(static file => $"{file.Kind} {file.Path}")
            .Should()
            .Equal("Modified a.txt", "Deleted b.txt", "Added new/c.txt");
        changes.Commits.Select(static commit => commit.Subject).Should().Equal("the step's");
        (sandbox.Read("a.txt"), sandbox.Exists("b.txt"), sandbox.Exists("new")).Should().Be(("a\n", true, false));
    }

    [Fact]
    public async Task LandAsync_NothingChangedMeanwhile_BringsEverythingAndTouchesNoIndex()
    {
        using var sandbox = Repository();
        sandbox.Write("loose.txt", "the user's\n");
        var (worktrees, worktree) = await WorkAsync(sandbox);
        var index = File.ReadAllBytes(Path.Combine(sandbox.Top, ".git", "index"));
        sandbox.Write("other.txt", "made meanwhile\n");

        var result = await worktrees.LandAsync(worktree, Token);

        result.HasLanded.Should().BeTrue();
        (sandbox.Read("a.txt"), sandbox.Exists("b.txt"), sandbox.Read("new/c.txt"), sandbox.Read("loose.txt"), sandbox.Read("other.txt"))
            .Should()
            .Be(("step\n", false, "step\n", "the user's\n", "made meanwhile\n"));
        File.ReadAllBytes(Path.Combine(sandbox.Top, ".git", "index")).Should().Equal(index);
        sandbox.Git("show", $"{result.Safety!.Id}:b.txt").Should().Be("b\n");
        (await worktrees.LandAsync(worktree, Token))
            .Should()
            .BeEquivalentTo(new { HasLanded = true, Landed = Array.Empty<RollbackItem>() }, "a second call finds everything there");
    }

    [Fact]
    public async Task KeepLeftAsync_IgnoredFilesOfTheStep_AreKeptAndNamed()
    {
        using var sandbox = GitSandbox.Committed(static s => s.Write(".gitignore", ".loop/\nout/\n.env\n"));
        var worktrees = new StepWorktrees(sandbox.Paths, sandbox.Time);
        var worktree = await worktrees.CreateAsync("step-1", Token);
        Directory.CreateDirectory(Path.Combine(worktree.Folder, "out"));
        File.WriteAllText(Path.Combine(worktree.Folder, "out", "report.html"), "report\n");
        File.WriteAllText(Path.Combine(worktree.Folder, ".env"), "K=2\n");
        Directory.CreateSymbolicLink(Path.Combine(worktree.Folder, "out", "link"), "/etc");
        var target = Path.Combine(sandbox.Paths.Run("run-1"), "left", "1");

        var told = await worktrees.KeepLeftAsync(worktree, target, GitSandbox.Token);

        told.Should().Be("git ignores what was left behind: .env, out/report.html; kept in .loop/runs/run-1/left/1");
        File.ReadAllText(Path.Combine(target, "out", "report.html")).Should().Be("report\n");
        File.ReadAllText(Path.Combine(target, ".env")).Should().Be("K=2\n");
        Directory.EnumerateFileSystemEntries(Path.Combine(target, "out")).Should().ContainSingle("a link's goal is not the step's");
        (await worktrees.KeepLeftAsync(worktree, target, GitSandbox.Token)).Should().BeNull("it was done");
    }

    [Fact]
    public async Task CreateAsBeforeAsync_WorkspaceAndTreeChangedSince_IsAsTheOtherWasAndKeepsNothingOfItself()
    {
        using var sandbox = GitSandbox.Committed(static s => s.Write(".gitignore", ".loop/\nout/\n"));
        sandbox.Write("open.txt", "not committed\n");
        var worktrees = new StepWorktrees(sandbox.Paths, sandbox.Time);
        var evidence = new LoopOrchestrator.Core.Workflows.WorkEvidence(sandbox.Paths, sandbox.Store, worktrees);
        var step = await evidence.IsolateAsync("step-1", Token);
        File.WriteAllText(Path.Combine(step, "open.txt"), "the step's\n");
        sandbox.Write("open.txt", "the user's\n");

        var before = await evidence.IsolateAsBeforeAsync("step-1-untouched", "step-1", Token);

        File.ReadAllText(Path.Combine(before, "open.txt")).Should().Be("not committed\n");
        GitSandbox.GitIn(before, "status", "--porcelain").Should().BeEmpty();
        Directory.CreateDirectory(Path.Combine(before, "out"));
        File.WriteAllText(Path.Combine(before, "out", "built"), "by a gate\n");
        await evidence.RemoveAsync("step-1-untouched", Token);
        Directory.Exists(before).Should().BeFalse();
        Directory.EnumerateFiles(sandbox.Paths.State, "built", SearchOption.AllDirectories).Should().BeEmpty("nobody needs it");
    }

    [Fact]
    public async Task Sparse_IsolatedStep_SeesTheSameConeAndLandsNothingOutsideOfIt()
    {
        using var sandbox = GitSandbox.Committed(static s =>
        {
            s.Write(".gitignore", ".loop/\n");
            s.Write("src/a.txt", "a\n");
            s.Write("docs/guide.md", "# Guide\n");
        });
        sandbox.Git("sparse-checkout", "set", "--cone", "src");
        var worktrees = new StepWorktrees(sandbox.Paths, sandbox.Time);
        var worktree = await worktrees.CreateAsync("step-1", Token);

        GitSandbox.GitIn(worktree.Folder, "status", "--porcelain").Should().BeEmpty("what is outside of the cone is not deleted");
        GitSandbox.GitIn(worktree.Folder, "restore", ".");
        File.Exists(Path.Combine(worktree.Folder, "docs", "guide.md")).Should().BeFalse();
        Directory.CreateDirectory(Path.Combine(worktree.Folder, "docs"));
        File.WriteAllText(Path.Combine(worktree.Folder, "docs", "guide.md"), "brought in\n");
        File.WriteAllText(Path.Combine(worktree.Folder, "src", "a.txt"), "changed\n");

        var landed = await worktrees.LandAsync(worktree, GitSandbox.Token);

        landed.HasLanded.Should().BeTrue();
        landed.NotLanded.Should().ContainSingle(static item => item.Path == "docs/guide.md" && item.Reason!.Contains("sparse"));
        (sandbox.Read("src/a.txt"), sandbox.Exists("docs")).Should().Be(("changed\n", false));
    }

    [Fact]
    public async Task LandAsync_OneFileChangedInTheWorkspaceToo_ChangesNothing()
    {
        using var sandbox = Repository();
        var (worktrees, worktree) = await WorkAsync(sandbox);
        sandbox.Write("a.txt", "the user's\n");
        var was = sandbox.WorkTree();

        var result = await worktrees.LandAsync(worktree, Token);

        result.HasLanded.Should().BeFalse();
        result
            .Obstacles.Select(static item => $"{item.Path}: {item.Reason}")
            .Should()
            .Equal("a.txt: it has changed in the workspace too since the step began");
        sandbox.WorkTree().Should().Equal(was);
    }

    [Fact]
    public async Task LandAsync_NewFileWhereTheUserHasAnIgnoredOne_ChangesNothing()
    {
        using var sandbox = Repository();
        sandbox.Write(".env", "SECRET=1\n");
        var worktrees = new StepWorktrees(sandbox.Paths, sandbox.Time);
        var worktree = await worktrees.CreateAsync("step-1", Token);
        File.WriteAllText(Path.Combine(worktree.Folder, ".env"), "EXAMPLE=1\n");
        File.WriteAllText(Path.Combine(worktree.Folder, ".gitignore"), "");

        var result = await worktrees.LandAsync(worktree, Token);

        result.HasLanded.Should().BeFalse();
        (sandbox.Read(".env"), sandbox.Read(".gitignore")).Should().Be(("SECRET=1\n", ".env\n.loop/\n"));
    }

    [Fact]
    public async Task LandAsync_OneFileCannotBeWritten_BringsTheOthersBack()
    {
        using var sandbox = Repository();
        var (worktrees, worktree) = await WorkAsync(sandbox);
        Directory.CreateDirectory(sandbox.Path("new/c.txt/hollow"));
        var was = sandbox.WorkTree();

        var result = await worktrees.LandAsync(worktree, Token);

        result.HasLanded.Should().BeFalse();
        result.Obstacles.Should().ContainSingle(static item => item.Path == "new/c.txt");
        sandbox.WorkTree().Should().Equal(was);
    }

    [Fact]
    public async Task LandAsync_LinkToTheRepositoryBroken_SaysSo()
    {
        using var sandbox = Repository();
        var (worktrees, worktree) = await WorkAsync(sandbox);
        File.Delete(Path.Combine(worktree.Top, ".git"));

        (await FluentActions.Awaiting(() => worktrees.LandAsync(worktree, Token)).Should().ThrowAsync<UserErrorException>())
            .Which.Message.Should()
            .Contain("no git work tree any more");
    }

    [Fact]
    public async Task SweepAsync_AfterCrashes_LeavesThoseInUse()
    {
        using var sandbox = Repository();
        var worktrees = new StepWorktrees(sandbox.Paths, sandbox.Time);
        foreach (var id in (string[])["kept", "whole", "without-folder", "without-link", "reference-only"])
        {
            await worktrees.CreateAsync(id, Token);
        }

        sandbox.Delete(".loop/worktrees/without-folder");
        sandbox.Delete(".loop/worktrees/without-link/.git");
        sandbox.Git("worktree", "remove", "--force", sandbox.Path(".loop/worktrees/reference-only"));

        (await worktrees.SweepAsync(new HashSet<string>(StringComparer.Ordinal) { "kept" }, Token)).Should().Be(4);

        Directory.EnumerateDirectories(sandbox.Paths.Worktrees).Select(Path.GetFileName).Should().Equal("kept");
        sandbox
            .Git("worktree", "list", "--porcelain")
            .Split('\n')
            .Count(static line => line.StartsWith("worktree ", StringComparison.Ordinal))
            .Should()
            .Be(2);
        sandbox.Git("for-each-ref", "--format=%(refname)", "refs/loop/worktrees").Trim().Should().Be("refs/loop/worktrees/kept");
        (await worktrees.FindAsync("kept", Token)).Should().NotBeNull();
        (await worktrees.FindAsync("whole", Token)).Should().BeNull();
    }

    [Fact]
    public async Task CreateAsync_SameIdAgain_BeginsAnew()
    {
        using var sandbox = Repository();
        var (worktrees, _) = await WorkAsync(sandbox);

        var again = await worktrees.CreateAsync("step-1", Token);

        (await worktrees.ChangesAsync(again, Token)).IsEmpty.Should().BeTrue();
        (await worktrees.FindAsync("step-1", Token)).Should().Be(again);
    }

    [Fact]
    public async Task FindAsync_KilledWhileItWasFilled_IsNone()
    {
        using var sandbox = Repository();
        var worktrees = new StepWorktrees(sandbox.Paths, sandbox.Time);
        await worktrees.CreateAsync("step-1", Token);
        sandbox.Delete(".loop/worktrees/step-1.ready");
        sandbox.Delete(".loop/worktrees/step-1/a.txt");

        (await worktrees.FindAsync("step-1", Token)).Should().BeNull();
    }

    [Fact]
    public async Task CreateAsync_NoRepository_SaysWhatToDo()
    {
        using var folder = new LoopOrchestrator.Testing.TemporaryFolder();

        (
            await FluentActions
                .Awaiting(() => new StepWorktrees(folder.Paths, TimeProvider.System).CreateAsync("step-1", Token))
                .Should()
                .ThrowAsync<UserErrorException>()
        )
            .Which.Message.Should()
            .Contain("git init");
    }

    // The list of work trees is one more for as long as one is in use.
    private static bool NotOurs(string line) => !line.StartsWith("worktrees", StringComparison.Ordinal);

    private static async Task<(StepWorktrees Worktrees, StepWorktree Worktree)> WorkAsync(GitSandbox sandbox)
    {
        var worktrees = new StepWorktrees(sandbox.Paths, sandbox.Time);
        var worktree = await worktrees.CreateAsync("step-1", Token);
        File.WriteAllText(Path.Combine(worktree.Folder, "a.txt"), "step\n");
        File.Delete(Path.Combine(worktree.Folder, "b.txt"));
        Directory.CreateDirectory(Path.Combine(worktree.Folder, "new"));
        File.WriteAllText(Path.Combine(worktree.Folder, "new", "c.txt"), "step\n");
        return (worktrees, worktree);
    }

    private static GitSandbox Repository() => GitSandbox.Committed(Files);

    private static void Files(GitSandbox sandbox)
    {
        sandbox.Write(".gitignore", ".env\n.loop/\n");
        sandbox.Write("a.txt", "a\n");
        sandbox.Write("b.txt", "b\n");
    }
}
