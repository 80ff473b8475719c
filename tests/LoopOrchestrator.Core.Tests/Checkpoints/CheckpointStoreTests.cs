using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Checkpoints.References;

namespace LoopOrchestrator.Core.Tests.Checkpoints;

public sealed class CheckpointStoreTests
{
    private static CancellationToken Token => GitSandbox.Token;

    [Fact]
    public async Task TakeAsync_InARepository_IsACommitBelowAReferenceOfOurOwn()
    {
        using var sandbox = Repository();

        var taken = await sandbox.TakeAsync("run-1/before");

        taken
            .Should()
            .Be(
                new Checkpoint(
                    "run-1/before",
                    CheckpointKind.Git,
                    sandbox.Git("rev-parse", "refs/loop/checkpoints/run-1/before").Trim(),
                    sandbox.Git("rev-parse", "HEAD").Trim(),
                    sandbox.Time.GetUtcNow()
                )
            );
        sandbox
            .Git("ls-tree", "-r", "--name-only", taken.Id)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .Equal(".gitignore", "a.txt", "loose.txt");
        (await sandbox.Store.FindAsync("run-1/before", Token)).Should().Be(taken);
        (await sandbox.Store.FindAsync("run-1", Token)).Should().BeNull();
    }

    [Fact]
    public async Task PatchAsync_OfWhatChanged_HasItsLinesAndNamesWhatIsTooLargeOrNoText()
    {
        using var sandbox = Repository();
        var before = await sandbox.TakeAsync("run-1/before");
        sandbox.Write("a.txt", "another\n");
        sandbox.Write("[a-z]*.txt", "a name like a pattern\n");
        sandbox.Write("TODO.md", "- [ ] ours\n");
        sandbox.Write("many.txt", string.Concat(Enumerable.Range(0, 5000).Select(static number => $"{number}\n")));
        sandbox.Write("long.txt", new string('x', 1_000_000) + "\n");
        sandbox.Write("binary.bin", "a\0b");
        var after = await sandbox.TakeAsync("run-1/after");

        var patch = await sandbox.Store.PatchAsync(before, after, Token);

        patch.Should().Contain("+another\n").And.Contain("+a name like a pattern\n").And.NotContain("ours");
        patch.Should().Contain("not shown: many.txt\n").And.Contain("not shown: binary.bin\n");
        patch.Should().Contain("long.txt").And.NotContain("xxxx");
        patch!.Length.Should().BeLessThan(3000);
        (await sandbox.Store.PatchAsync(before, before, Token)).Should().BeEmpty();
    }

    [Fact]
    public async Task TakeAsync_OurFolderNotIgnored_IsNotInIt()
    {
        using var sandbox = Repository();
        await sandbox.TakeAsync("one");
        sandbox.Delete(".loop/.gitignore");

        var taken = await sandbox.TakeAsync("two");

        sandbox.Git("ls-tree", "-r", "--name-only", taken.Id).Should().NotContain(".loop");
    }

    [Fact]
    public async Task TakeAsync_StagedAndThenChanged_KeepsWhatWasStagedAsWell()
    {
        using var sandbox = Repository();
        sandbox.Write("a.txt", "staged\n");
        sandbox.Git("add", "a.txt");
        sandbox.Write("a.txt", "changed\n");

        var taken = await sandbox.TakeAsync("run-1/before");
        sandbox.Git("reset", "-q", "--hard");

        sandbox.Git("show", $"{taken.Id}:a.txt").Should().Be("changed\n");
        sandbox.Git("show", $"{taken.Id}^1:staged/a.txt").Should().Be("staged\n");
    }

    [Fact]
    public async Task TakeAsync_ChangedWithinASecondAndOfTheSameLength_IsSeen()
    {
        using var sandbox = Repository();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            sandbox.Write("a.txt", $"{i}\n");
            ids.Add(sandbox.Git("rev-parse", $"{(await sandbox.TakeAsync($"at-{i}")).Id}:a.txt").Trim());
        }

        ids.Should().OnlyHaveUniqueItems();
    }

    [Fact]
    public async Task TakeAsync_ManyAtOnce_EachIsWhole()
    {
        using var sandbox = Repository();

        var taken = await Task.WhenAll(
            Enumerable.Range(0, 6).Select(number => new CheckpointStore(sandbox.Paths, sandbox.Time).TakeAsync($"at-{number}", Token))
        );

        sandbox
            .Git(["rev-parse", .. taken.Select(static one => one.Id + "^{tree}")])
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Distinct(StringComparer.Ordinal)
            .Should()
            .ContainSingle();
        Directory.EnumerateDirectories(Path.Combine(sandbox.Paths.Checkpoints, "work")).Should().BeEmpty();
    }

    [Fact]
    public async Task TakeAsync_ObjectsThatTheIndexKnowsWereCleanedUp_StoresThemAnew()
    {
        using var sandbox = Repository();
        var first = await sandbox.TakeAsync("one");
        sandbox.Git("update-ref", "-d", "refs/loop/checkpoints/one");
        sandbox.Git("gc", "-q", "--prune=now");
        sandbox.TryGit("cat-file", "-t", first.Id).Should().BeEmpty();

        var second = await sandbox.TakeAsync("two");

        sandbox.Git("show", $"{second.Id}:loose.txt").Should().Be("mine\n");
        sandbox.Git("fsck", "--connectivity-only");
    }

    [Fact]
    public async Task TakeAsync_KeptIndexDamaged_BeginsAnew()
    {
        using var sandbox = Repository();
        await sandbox.TakeAsync("one");
        File.WriteAllText(Path.Combine(sandbox.Paths.Checkpoints, "git", "kept-index"), "not an index");

        var taken = await sandbox.TakeAsync("two");

        sandbox.Git("show", $"{taken.Id}:loose.txt").Should().Be("mine\n");
    }

    [Fact]
    public async Task TakeAsync_LockedIndexOfTheUser_DoesNotMind()
    {
        using var sandbox = Repository();
        File.WriteAllText(Path.Combine(sandbox.Top, ".git", "index.lock"), "");

        (await sandbox.TakeAsync("one")).Kind.Should().Be(CheckpointKind.Git);
    }

    [Fact]
    public async Task TakeAsync_FolderThatTheRepositoryAroundItIgnores_IsACopyOfOurOwn()
    {
        using var sandbox = new GitSandbox("ignored");
        File.WriteAllText(Path.Combine(sandbox.Top, ".gitignore"), "ignored/\n");

        (await sandbox.TakeAsync("one")).Kind.Should().Be(CheckpointKind.Own);
    }

    [Theory]
    [InlineData("../up")]
    [InlineData("a//b")]
    [InlineData("a b")]
    [InlineData("-a")]
    [InlineData(".a")]
    [InlineData("a..b")]
    [InlineData("a.lock")]
    [InlineData("a/")]
    public async Task TakeAsync_NameThatIsNoReference_IsRefused(string name)
    {
        using var folder = new LoopOrchestrator.Testing.TemporaryFolder();

        await FluentActions
            .Awaiting(() => new CheckpointStore(folder.Paths, TimeProvider.System).TakeAsync(name, Token))
            .Should()
            .ThrowAsync<ArgumentException>()
            .WithParameterName(nameof(name));
    }

    [Fact]
    public async Task ChangesAsync_AllKinds_AreTold()
    {
        using var sandbox = Repository();
        sandbox.Write("gone.txt", "1\n2\n");
        sandbox.Write("mode.sh", "x\n");
        sandbox.Write("bin", [0, 1, 2]);
        var before = await sandbox.TakeAsync("run-1/before");
        sandbox.Write("a.txt", "1\nzwei\n3\n");
        sandbox.Delete("gone.txt");
        sandbox.Write("new/file", "one\n");
        sandbox.Write("bin", [0, 1, 2, 3]);
        sandbox.Shell("chmod +x mode.sh");
        sandbox.Write("TODO.md", "ours\n");
        sandbox.Commit("what the run did");

        var changes = await sandbox.Store.ChangesAsync(before, await sandbox.TakeAsync("run-1/after"), Token);

        changes
            .Files.Should()
            .Equal(
                new FileChange("a.txt", ChangeKind.Modified, 2, 1),
                new FileChange("bin", ChangeKind.Modified, null, null),
                new FileChange("gone.txt", ChangeKind.Deleted, 0, 2),
                new FileChange("mode.sh", ChangeKind.ModeChanged, 0, 0),
                new FileChange("new/file", ChangeKind.Added, 1, 0)
            );
        (changes.FileCount, changes.LinesAdded, changes.LinesRemoved, changes.IsEmpty).Should().Be((5, 3, 3, false));
        changes.OwnFiles.Should().Equal("TODO.md");
        changes.Commits.Should().Equal(new CommitLine(sandbox.Git("rev-parse", "HEAD").Trim(), "what the run did"));
    }

    [Fact]
    public async Task ChangesAsync_CommitOnlyAndNoFile_IsNotEmpty()
    {
        using var sandbox = Repository();
        var before = await sandbox.TakeAsync("run-1/before");
        sandbox.Commit();

        var changes = await sandbox.Store.ChangesAsync(before, await sandbox.TakeAsync("run-1/after"), Token);

        (changes.FileCount, changes.CommitCount, changes.IsEmpty).Should().Be((0, 1, false));
    }

    [Fact]
    public async Task ChangesAsync_MoreFilesThanAreListed_ListsSomeAndCountsAll()
    {
        using var sandbox = Repository();
        var before = await sandbox.TakeAsync("run-1/before");
        sandbox.Shell("mkdir many && cd many && seq 1 600 | split -l 1 -a 3 -");

        var changes = await sandbox.Store.ChangesAsync(before, await sandbox.TakeAsync("run-1/after"), Token);

        (changes.Files.Count, changes.FileCount, changes.LinesAdded).Should().Be((ChangeSet.MaxFiles, 600, 600L));
    }

    [Fact]
    public async Task ChangesAsync_IgnoredFileNoLongerIgnored_IsNoWorkOfTheRun()
    {
        using var sandbox = Repository();
        sandbox.Write(".env", "SECRET=1\n");
        var before = await sandbox.TakeAsync("run-1/before");
        sandbox.Write(".gitignore", "");

        var changes = await sandbox.Store.ChangesAsync(before, await sandbox.TakeAsync("run-1/after"), Token);

        changes.Files.Select(static file => file.Path).Should().Equal(".gitignore");
        changes.Unknown.Should().Equal(".env");
    }

    [Fact]
    public async Task ChangesAsync_WorkspaceInAFolder_NamesFilesFromTheWorkspaceAndNoneOutside()
    {
        using var sandbox = new GitSandbox("inner");
        sandbox.Write("a.txt", "1\n");
        var before = await sandbox.TakeAsync("run-1/before");
        sandbox.Write("a.txt", "2\n");
        File.WriteAllText(Path.Combine(sandbox.Top, "outside.txt"), "x");

        var changes = await sandbox.Store.ChangesAsync(before, await sandbox.TakeAsync("run-1/after"), Token);

        changes.Files.Should().Equal(new FileChange("a.txt", ChangeKind.Modified, 1, 1));
    }

    [Fact]
    public async Task ChangesAsync_RepositoryMadeByTheRun_IsComparedWithTheCopyBefore()
    {
        using var sandbox = Repository();
        Directory.Move(Path.Combine(sandbox.Top, ".git"), sandbox.Beside("git"));
        var before = await sandbox.TakeAsync("run-1/before");
        Directory.Move(sandbox.Beside("git"), Path.Combine(sandbox.Top, ".git"));

        sandbox.Write("made.txt", "new\n");

        var changes = await sandbox.Store.ChangesAsync(before, await sandbox.TakeAsync("run-1/after"), Token);

        changes.Files.Should().Equal(new FileChange("made.txt", ChangeKind.Added, 1, 0));
    }

    [Fact]
    public async Task ChangesAsync_FolderBecameARepositoryWithoutACommit_IsTakenAllTheSame()
    {
        using var sandbox = Repository();
        sandbox.Write("app/main.js", "1\n");
        var before = await sandbox.TakeAsync("run-1/before");
        GitSandbox.GitIn(sandbox.Path("app"), "init", "-q");
        sandbox.Write("other/file", "2\n");

        var changes = await sandbox.Store.ChangesAsync(before, await sandbox.TakeAsync("run-1/after"), Token);

        changes.Files.Should().Equal(new FileChange("other/file", ChangeKind.Added, 1, 0));
    }

    [Fact]
    public async Task PruneAsync_OldAndTooMany_GoAndTheNamedStay()
    {
        using var sandbox = Repository();
        foreach (var name in (string[])["old", "kept", "first", "second", "third"])
        {
            await sandbox.TakeAsync(name);
            sandbox.Time.Advance(name == "kept" ? TimeSpan.FromDays(40) : TimeSpan.FromMinutes(1));
        }

        var removed = await sandbox.Store.PruneAsync(TimeSpan.FromDays(30), 2, static name => name == "kept", Token);

        removed.Should().Be(2);
        sandbox
            .Git("for-each-ref", "--format=%(refname:lstrip=3)", "refs/loop")
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .Equal("kept", "second", "third");
    }

    [Fact]
    public async Task PruneAsync_AnotherWorkspaceOfTheSameRepository_KeepsItsOwn()
    {
        using var sandbox = Repository();
        sandbox.Git("worktree", "add", "-q", sandbox.Beside("linked"));
        var other = new CheckpointStore(new LoopOrchestrator.Core.Files.WorkspacePaths(sandbox.Beside("linked")), sandbox.Time);
        await other.TakeAsync("theirs", Token);
        await sandbox.TakeAsync("ours");
        sandbox.Time.Advance(TimeSpan.FromDays(2));

        (await sandbox.Store.PruneAsync(TimeSpan.FromDays(1), 100, static _ => false, Token)).Should().Be(1);

        (await other.FindAsync("theirs", Token)).Should().NotBeNull();
    }

    [Fact]
    public async Task PruneAsync_LeftByAKilledProcess_IsSwept()
    {
        using var sandbox = Repository();
        await sandbox.TakeAsync("one");
        var dead = Path.Combine(sandbox.Paths.Checkpoints, "work", "dead");
        Directory.CreateDirectory(dead);
        File.WriteAllText(Path.Combine(dead, "index.lock"), "half");
        using var alive = ScratchFolder.Create(sandbox.Paths);

        await sandbox.Store.PruneAsync(TimeSpan.FromDays(1), 100, static _ => false, Token);

        Directory.EnumerateDirectories(Path.Combine(sandbox.Paths.Checkpoints, "work")).Should().Equal(alive.Path);
    }

    private static GitSandbox Repository()
    {
        var sandbox = GitSandbox.Committed(Files);
        sandbox.Write("loose.txt", "mine\n");
        return sandbox;
    }

    private static void Files(GitSandbox sandbox)
    {
        sandbox.Write(".gitignore", ".env\n.loop/\n");
        sandbox.Write("a.txt", "1\n2\n");
    }
}
