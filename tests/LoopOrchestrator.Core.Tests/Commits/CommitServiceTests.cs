using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Tests.Commits;

/// <summary>Commits in real repositories: what goes in, and that everything else stays as it was.</summary>
public sealed class CommitServiceTests : IDisposable
{
    // Made up, and put together here so that this file holds none itself.
    private static readonly string Token = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";

    private readonly TestRepository _git = new();

    public void Dispose() => _git.Dispose();

    [Fact]
    public async Task MakeAsync_StagedUnstagedUntrackedAndIgnored_GoIntoTheirGroups()
    {
        _git.Write(".gitignore", "*.log\n");
        _git.Write("src/memory/store.py", "one\n");
        _git.Write("README.md", "old\n");
        _git.Write("gone.py");
        _git.Commit();
        _git.Write("src/memory/store.py", "one\ntwo\n");
        _git.Git("add", "src/memory/store.py");
        _git.Write("src/memory/archive.py", "new\n");
        _git.Write("tests/test_archive.py", "test\n");
        _git.Write("README.md", "new\n");
        _git.Write("package.json", "{}\n");
        _git.Write(".github/workflows/ci.yml", "on: push\n");
        _git.Write("task_timing.tsv", "a\tb\n");
        _git.Write("noise.log");
        File.Delete(Path.Combine(_git.Root, "gone.py"));

        var result = await _git.MakeAsync();

        result.Stopped.Should().BeNull();
        result.Branch.Should().Be("main");
        _git.Subjects.Should()
            .Equal(
                "chore(loop): add task_timing.tsv",
                "ci: add ci.yml",
                "docs: change README.md",
                "feat(memory): add archive and change store with their tests",
                "refactor: remove gone",
                "build: add package.json",
                "before"
            );
        _git.Changes("HEAD~3").Should().BeEquivalentTo("A src/memory/archive.py", "M src/memory/store.py", "A tests/test_archive.py");
        _git.Changes("HEAD~4").Should().Equal("D gone.py");
        result.Made.Select(static commit => commit.Id).Last().Should().Be(_git.Head);
        _git.Status.Should().BeEmpty();
        _git.Git("log", "-1", "--format=%an <%ae> %cn").Trim().Should().Be("A Tester <tester@example.org> A Tester");
        _git.Git("reflog", "-1", "--format=%gs").Trim().Should().Be("commit: chore(loop): add task_timing.tsv");
        _git.Git("fsck", "--strict");
    }

    [Fact]
    public async Task MakeAsync_WhatIsLeftOut_StaysStagedByteForByte()
    {
        _git.Write("a.py", "1\n");
        _git.Write("other.py", "1\n");
        _git.Commit();
        _git.Write("other.py", "1\nstaged " + Token + "\n");
        _git.Write("new.py", "token " + Token + "\n");
        _git.Git("add", "other.py", "new.py");
        _git.Write("other.py", "1\nand more " + Token + "\n");
        _git.Write("a.py", "2\n");
        var before = _git.Index;

        var result = await _git.MakeAsync();

        result.Made.Should().ContainSingle().Which.Group.Files.Should().ContainSingle().Which.Path.Should().Be("a.py");
        result
            .Plan.LeftOut.Select(static file => (file.Path, file.Reason))
            .Should()
            .Equal(("new.py", LeftOutReason.Credential), ("other.py", LeftOutReason.Credential));
        result.Plan.LeftOut[1].Detail.Should().Contain("line 2").And.Contain("github-token").And.NotContain(Token);
        _git.Index.Where(static line => !line.EndsWith("\ta.py", StringComparison.Ordinal))
            .Should()
            .Equal(before.Where(static line => !line.EndsWith("\ta.py", StringComparison.Ordinal)));
        _git.Status.Should().BeEquivalentTo("A  new.py", "MM other.py");
        _git.Git("log", "--all", "-p").Should().NotContain(Token);
    }

    [Fact]
    public async Task MakeAsync_StateOfTheLoop_IsNeverCommitted()
    {
        _git.Write(".loop/state.txt");
        _git.Write("sub/.loop/state.txt");
        _git.Write("a.py");
        _git.Git("add", "-A", "-f");

        var result = await _git.MakeAsync();

        result
            .Plan.LeftOut.Should()
            .Contain(file => file.Path == ".loop/state.txt" && file.Reason == LeftOutReason.State)
            .And.Contain(file => file.Path == "sub/.loop/state.txt");
        _git.Git("ls-tree", "-r", "--name-only", "HEAD").Should().Be("a.py\n");
    }

    [Fact]
    public async Task MakeAsync_ForcedPastTheIgnoreRules_IsLeftOut()
    {
        _git.Write(".gitignore", "*.bin\n");
        _git.Commit();
        _git.Write("a.bin");
        _git.Git("add", "-f", "a.bin");

        var result = await _git.MakeAsync();

        result.Made.Should().BeEmpty();
        result.Plan.LeftOut.Should().ContainSingle().Which.Reason.Should().Be(LeftOutReason.Ignored);
        _git.Status.Should().Equal("A  a.bin");
    }

    [Fact]
    public async Task MakeAsync_TakenOutOfTheIndexAndIgnored_IsRemovedFromTheHistoryOnly()
    {
        _git.Write("local.cfg", "mine\n");
        _git.Commit();
        _git.Git("rm", "-q", "--cached", "local.cfg");
        _git.Write(".gitignore", "local.cfg\n");

        await _git.MakeAsync();

        _git.Git("ls-tree", "-r", "--name-only", "HEAD").Should().Be(".gitignore\n");
        File.ReadAllText(Path.Combine(_git.Root, "local.cfg")).Should().Be("mine\n");
        _git.Status.Should().BeEmpty();
    }

    [Fact]
    public async Task MakeAsync_UnclearStates_AreLeftToAPerson()
    {
        _git.Write("untracked-again.py");
        _git.Write("back.py", "1\n");
        _git.Commit();
        _git.Git("rm", "-q", "--cached", "untracked-again.py");
        _git.Write("back.py", "2\n");
        _git.Git("add", "back.py");
        _git.Write("back.py", "1\n");
        _git.Write("gone.py");
        _git.Git("add", "gone.py");
        File.Delete(Path.Combine(_git.Root, "gone.py"));
        var before = _git.Index;

        var result = await _git.MakeAsync();

        result.Made.Should().BeEmpty();
        result
            .Plan.LeftOut.Select(static file => (file.Path, file.Reason))
            .Should()
            .Equal(("back.py", LeftOutReason.Unclear), ("gone.py", LeftOutReason.Unclear), ("untracked-again.py", LeftOutReason.Unclear));
        _git.Index.Should().Equal(before);
    }

    [Fact]
    public async Task MakeAsync_MovedFile_HasBothHalvesInOneCommit()
    {
        _git.Write("src/old/engine.py", "a\nb\nc\n");
        _git.Write("src/old/rest.py", "x\n");
        _git.Commit();
        Directory.CreateDirectory(Path.Combine(_git.Root, "src/core"));
        File.Move(Path.Combine(_git.Root, "src/old/engine.py"), Path.Combine(_git.Root, "src/core/motor.py"));

        var result = await _git.MakeAsync();

        result.Made.Should().ContainSingle().Which.Group.Subject.Should().Be("refactor(core): move motor");
        _git.Changes().Should().BeEquivalentTo("A src/core/motor.py", "D src/old/engine.py");
        _git.Status.Should().BeEmpty();
    }

    [Fact]
    public async Task MakeAsync_ModesLinksAndOddNames_AreKept()
    {
        var script = _git.Write("run.sh", "#!/bin/sh\n");
        _git.Commit();
        TestRepository.MakeExecutable(script);
        _git.Write("größe 日本.py");
        _git.Write("with\nline end.py");
        _git.Write("-dash.py");
        _git.Write(":(top)magic*.py");
        _git.Write("tab\tand\"quote.py");
        File.CreateSymbolicLink(Path.Combine(_git.Root, "link.py"), "/etc/hostname");

        var result = await _git.MakeAsync();

        result.Stopped.Should().BeNull();
        _git.Status.Should().BeEmpty();
        _git.Git("ls-files", "-s", "run.sh").Should().StartWith("100755");
        _git.Git("ls-files", "-s", "link.py").Should().StartWith("120000");
        _git.Show("HEAD:link.py").Should().Be("/etc/hostname");
        _git.Git("ls-files", "-z")
            .Split('\0')
            .Should()
            .Contain(["größe 日本.py", "with\nline end.py", "-dash.py", ":(top)magic*.py", "tab\tand\"quote.py"]);
    }

    [Fact]
    public async Task MakeAsync_NameThatIsNoText_IsLeftOutAndSaid()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Other systems have no such names.");
        _git.Git("-c", "alias.bad=!touch \"$(printf 'bad\\377.py')\"", "bad");
        _git.Write("a.py");

        var result = await _git.MakeAsync();

        result.Plan.LeftOut.Should().ContainSingle().Which.Detail.Should().Be("its name is not UTF-8");
        _git.Changes().Should().Equal("A a.py");

        // The runtime cannot name it either, not even to remove it with the folder.
        _git.Git("clean", "-q", "-f");
    }

    [Fact]
    public async Task MakeAsync_FolderInThePlaceOfAFile_IsCommitted()
    {
        _git.Write("thing", "file\n");
        _git.Commit();
        File.Delete(Path.Combine(_git.Root, "thing"));
        _git.Write("thing/part.md", "text\n");

        var result = await _git.MakeAsync();

        result.Stopped.Should().BeNull();
        _git.Status.Should().BeEmpty();
        _git.Git("ls-tree", "-r", "--name-only", "HEAD").Should().Be("thing/part.md\n");
    }

    [Fact]
    public async Task MakeAsync_BeforeTheFirstCommit_MakesIt()
    {
        _git.Write("src/a.py");
        _git.Write("README.md");
        _git.Git("add", "README.md");

        var result = await _git.MakeAsync();

        result.Made.Should().HaveCount(2);
        _git.Subjects.Should().Equal("docs: add README.md", "feat: add a");
        _git.Git("rev-list", "--max-parents=0", "--count", "HEAD").Trim().Should().Be("1");
        _git.Status.Should().BeEmpty();
    }

    [Fact]
    public async Task MakeAsync_WorkspaceInAFolderOfTheRepository_TakesOnlyWhatIsBelow()
    {
        using var git = new TestRepository("tools/mine");
        git.Write("top.py", "1\n");
        git.Write("tools/mine/a.py", "1\n");
        git.Commit();
        git.Write("top.py", "2\n");
        git.Git("add", "top.py");
        git.Write("beside.py");
        git.Write("tools/mine/a.py", "2\n");
        git.Write("tools/mine/task_timing.tsv", "1\n");

        var result = await git.MakeAsync();

        result
            .Made.SelectMany(static commit => commit.Group.Files)
            .Select(static file => file.Path)
            .Should()
            .Equal("a.py", "task_timing.tsv");
        git.Changes("HEAD~1").Should().Equal("M tools/mine/a.py");
        git.Status.Should().BeEquivalentTo("M  top.py", "?? beside.py");
    }

    [Fact]
    public async Task MakeAsync_Submodule_IsLeftOut()
    {
        _git.Write("a.py");
        _git.Git("init", "-q", "inner");
        File.WriteAllText(Path.Combine(_git.Root, "inner", "file"), "x");

        var result = await _git.MakeAsync();

        result
            .Plan.LeftOut.Should()
            .ContainSingle()
            .Which.Should()
            .Match<LeftOutFile>(static file => file.Path == "inner" && file.Reason == LeftOutReason.Submodule);
        _git.Changes().Should().Equal("A a.py");
    }

    [Fact]
    public async Task MakeAsync_SettingsGiven_AreObserved()
    {
        _git.Write("large.py", new string('x', 3000));
        _git.Write("TODO.md");
        _git.Write("a.py");

        var result = await _git.MakeAsync(new CommitSettings { MaxFileBytes = 2048, IncludeLiveFiles = false });

        result
            .Plan.LeftOut.Select(static file => (file.Path, file.Reason))
            .Should()
            .Equal(("TODO.md", LeftOutReason.LiveFile), ("large.py", LeftOutReason.TooLarge));
        _git.Changes().Should().Equal("A a.py");
    }

    [Fact]
    public async Task MakeAsync_Message_IsThatOfTheCode()
    {
        _git.Write("src/one/a.py");
        _git.Write("src/two/b.py");
        _git.Write("README.md");

        await _git.MakeAsync(message: "fix(parser): read empty files\n\nThey were refused.");

        _git.Subjects.Should().Equal("docs: add README.md", "fix(parser): read empty files");
        _git.Git("log", "-1", "--format=%B", "HEAD~1").Should().Be("fix(parser): read empty files\n\nThey were refused.\n\n");
        (
            await _git.Service().Invoking(static service => service.PlanAsync("with " + Token)).Should().ThrowAsync<UserErrorException>()
        ).WithMessage("*credential*");
        (await _git.Service().Invoking(static service => service.PlanAsync(" ")).Should().ThrowAsync<UserErrorException>()).WithMessage(
            "*empty*"
        );
    }
}
