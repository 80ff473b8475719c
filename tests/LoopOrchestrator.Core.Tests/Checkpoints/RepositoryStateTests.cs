using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Checkpoints.References;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Workflows;

namespace LoopOrchestrator.Core.Tests.Checkpoints;

/// <summary>
/// Repositories as they are: a run in each changes files, folders and permissions, its changes are told, and a rollback brings back every
/// byte and every mode, or says what it does not hold.
/// </summary>
public sealed class RepositoryStateTests
{
    // Everything below the workspace with its kind, mode and content, folders too.
    private const string Listing =
        "find . -name .git -prune -o -name .loop -prune -o -printf '%y %m %l %p\\n' ; "
        + "find . -name .git -prune -o -name .loop -prune -o -type f -exec cksum {} +";

    private static readonly Dictionary<string, Func<GitSandbox>> States = new(StringComparer.Ordinal)
    {
        ["clean"] = static () => GitSandbox.Committed(Files),
        ["no repository"] = static () => With(static s => Directory.Delete(Path.Combine(s.Top, ".git"), recursive: true)),
        ["repository that is removed meanwhile"] = static () => GitSandbox.Committed(Files),
        ["another owner"] = static () => With(static s => s.Shell("chown -R 12345 .git .")),
        ["sparse, in cones"] = static () => With(static s => s.Git("sparse-checkout", "set", "--cone", "src")),
        ["modes and empty folders"] = static () =>
            With(static s => s.Shell("mkdir -p empty/deeper && chmod 700 docs && chmod 2775 src && chmod 600 src/a.txt")),
        ["unborn"] = static () =>
        {
            var s = new GitSandbox();
            Files(s);
            return s;
        },
        ["without a filter that its attributes name"] = static () =>
            With(static s =>
            {
                s.Write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n");
                s.Write("src/large.bin", "not a pointer\r\n");
            }),
    };

    public static TheoryData<string> Daily =>
        ["no repository", "repository that is removed meanwhile", "another owner", "sparse, in cones", "modes and empty folders"];

    public static TheoryData<string> All => [.. States.Keys];

    private static CancellationToken Token => GitSandbox.Token;

    [Theory]
    [MemberData(nameof(Daily))]
    public Task Rollback_InAnImportantState_BringsBackEveryByteAndMode(string state) => RollBackAsync(state);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [MemberData(nameof(All))]
    public Task Rollback_InAnyState_BringsBackEveryByteAndMode(string state) => RollBackAsync(state);

    [Fact]
    public async Task Checkpoint_RepositoryOfAnotherOwner_SaysWhatMendsIt()
    {
        Assert.SkipUnless(SpecialFile.Owner("/proc/self") == 0, "Only root can give a folder to somebody else.");
        using var sandbox = States["another owner"]();

        var taken = await sandbox.TakeAsync("run-1/before");

        taken.Kind.Should().Be(CheckpointKind.Own);
        taken
            .Lack.Should()
            .StartWith("git refuses this folder (owner)")
            .And.Contain($"git config --global --add safe.directory {sandbox.Top}");
        (await GitAttention.DescribeAsync(sandbox.Paths, sandbox.Time, cancellationToken: Token))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("No checkpoints in git: git refuses this folder (owner)");
    }

    [Fact]
    public async Task Checkpoint_TreeTooLargeForASecondCopy_SaysThatItGoesWithTheRepository()
    {
        using var sandbox = GitSandbox.Committed(Files);
        var store = new CheckpointStore(sandbox.Paths, sandbox.Time, maxCopiedBytes: 3);

        var taken = await store.TakeAsync("run-1/before", Token);

        taken.Kind.Should().Be(CheckpointKind.Git);
        taken.Lack.Should().Contain("in the repository's .git alone and would go with it");
        (await GitAdvice.DescribeAsync(sandbox.Paths, trusted: true, sandbox.Time, Token))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("The checkpoints of cycles are in the repository's .git alone");
    }

    [Theory]
    [InlineData(false, "its .git was removed")]
    [InlineData(true, "its .git is another one, without commit")]
    public async Task Checkpoint_RepositoryRemoved_IsToldAndItsCopiesStay(bool isMadeAnew, string told)
    {
        using var sandbox = GitSandbox.Committed(Files);
        var before = await sandbox.TakeAsync("run-1/before");
        sandbox.Delete(".git");
        sandbox.Delete("src/a.txt");
        if (isMadeAnew)
        {
            sandbox.Git("init", "-q");
            sandbox.Git("add", ".");
            sandbox.Git("commit", "-q", "-m", "anew");
        }

        var after = await sandbox.TakeAsync("run-1/after");

        after.Lack.Should().Contain(told);
        (await GitAttention.DescribeAsync(sandbox.Paths, sandbox.Time, cancellationToken: Token))
            .Should()
            .ContainSingle()
            .Which.Should()
            .Contain(told)
            .And.Contain("cycles rollback")
            .And.Contain(".loop/checkpoints/repository");
        (await sandbox.Store.ChangesAsync((await sandbox.Store.FindAsync(before.Name, Token))!, after, Token))
            .Files.Should()
            .Equal(new FileChange("src/a.txt", ChangeKind.Deleted, 0, 1));
        File.Delete(LostRepository.Mark(sandbox.Paths));
        (await GitAttention.DescribeAsync(sandbox.Paths, sandbox.Time, cancellationToken: Token))
            .Should()
            .BeEmpty("its person has said that it is meant so");
    }

    [Fact]
    public async Task Checkpoint_TreeThatWasTooSlow_IsTakenInPortionsAndAfterTheSecondTimeNotAtAll()
    {
        using var sandbox = GitSandbox.Committed(Files);
        var usual = await sandbox.TakeAsync("run-1/usual");
        var mark = SlowTree.MarkOf(Path.Combine(sandbox.Paths.Checkpoints, "git", "kept-index"));
        File.Delete(Path.Combine(sandbox.Paths.Checkpoints, "git", "kept-index"));
        var slow = new SlowTree(mark, sandbox.Time);
        slow.Fail();

        var inPortions = await sandbox.TakeAsync("run-1/portions");

        sandbox.Git("rev-parse", $"{inPortions.Id}^{{tree}}").Should().Be(sandbox.Git("rev-parse", $"{usual.Id}^{{tree}}"));
        File.Exists(mark).Should().BeFalse("it was done in time");
        slow.Fail();
        slow.Fail();
        await FluentActions
            .Awaiting(() => sandbox.TakeAsync("run-1/none"))
            .Should()
            .ThrowAsync<LoopOrchestrator.Core.Errors.UserErrorException>()
            .WithMessage("*2 times in a row, so it is not tried for a day*");
        (await GitAttention.DescribeAsync(sandbox.Paths, sandbox.Time, cancellationToken: Token))
            .Should()
            .ContainSingle()
            .Which.Should()
            .StartWith("No checkpoints: git did not take all files");
        sandbox.Time.Advance(TimeSpan.FromDays(2));
        await sandbox.TakeAsync("run-1/later");
    }

    [Fact]
    public async Task Checkpoint_PortionsThatTakeTooLong_KeepsThoseThatAreDoneAndTouchesNoObjectsOfOthers()
    {
        using var sandbox = GitSandbox.Committed(Files);
        var objects = Path.Combine(sandbox.Top, ".git", "objects");
        string[] others = ["pack/tmp_pack_theirs", "ab/tmp_obj_theirs", "tmp_objdir-incoming-theirs/pack/tmp_pack"];
        foreach (var other in others)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(objects, other))!);
            await File.WriteAllTextAsync(Path.Combine(objects, other), "half of a pack", Token);
        }

        var time = new StridingTime();
        var repository = (await WorkspaceRepository.OpenAsync(sandbox.Paths, sandbox.Time, toWrite: true, Token)).Repository!;
        new SlowTree(SlowTree.MarkOf(repository.KeptIndex), time).Fail();
        using var scratch = ScratchFolder.Create(sandbox.Paths);
        var taker = new SnapshotTaker(repository, repository.KeptIndex, time) { FirstPortion = 1 };

        await taker.Awaiting(one => one.TakeAsync(scratch, cancellationToken: Token)).Should().ThrowAsync<GitTimeoutException>();

        (await repository.RunAsync(repository.KeptIndex, ["ls-files"], cancellationToken: Token))
            .Text.Should()
            .Be(".gitignore\ndocs/guide.md");
        (await repository.RunAsync(repository.KeptIndex, ["cat-file", "-p", ":docs/guide.md"], cancellationToken: Token))
            .Text.Should()
            .Be("# Guide");
        others.Should().AllSatisfy(other => File.Exists(Path.Combine(objects, other)).Should().BeTrue());
        Directory.EnumerateDirectories(objects, "tmp_objdir-loop*").Should().BeEmpty();
    }

    [Fact]
    public async Task Changes_MoreAboveTheWorkspaceThanIsToldApart_AreNotKnown()
    {
        using var sandbox = new GitSandbox("work");
        Files(sandbox);
        sandbox.Commit();
        var repository = (await WorkspaceRepository.OpenAsync(sandbox.Paths, sandbox.Time, toWrite: true, Token)).Repository!;
        async Task<CheckpointNotes> TakeAsync(string name)
        {
            File.WriteAllText(Path.Combine(sandbox.Top, name), "above\n");
            using var scratch = ScratchFolder.Create(sandbox.Paths);
            var taker = new SnapshotTaker(repository, repository.KeptIndex, sandbox.Time) { MaxAbove = 1 };
            return (await taker.TakeAsync(scratch, cancellationToken: Token)).Notes;
        }

        var first = await TakeAsync("b.txt");
        var second = CheckpointNotes.Read((await TakeAsync("a.txt")).Write());

        (first.IsAboveUnknown, first.Above.Keys.SingleOrDefault()).Should().Be((false, "b.txt"));
        (second.IsAboveUnknown, second.Above.Count).Should().Be((true, 0));
        var changes = Evidence.Of([], first, second, repository.Prefix);
        changes.NotCovered.Should().ContainSingle().Which.Should().StartWith("what is above the workspace");
        changes.IsEmpty.Should().BeFalse("nobody knows that nothing changed");
    }

    [Fact]
    public async Task Rollback_FolderWithNothingButIgnoredFiles_IsLeftAlone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Permissions.");
        using var sandbox = GitSandbox.Committed(static s => s.Write(".gitignore", ".loop/\n*.o\n"));
        sandbox.Write("built/old.o", "old\n");

        await sandbox.RunAndRollBackAsync(static s =>
        {
            s.Shell("rm -r built; mkdir -p made/inner; echo text > made/text.txt; echo o > made/inner/new.o; chmod 700 made made/inner");
        });

        sandbox.Exists("built").Should().BeFalse("what git ignores is not brought back, nor the folder that held it");
        sandbox.Exists("made/text.txt").Should().BeFalse();
        sandbox.Shell("stat -c %a made made/inner").Should().Be("700\n700\n", "no checkpoint knew them before");
    }

    [Fact]
    public async Task Evidence_TreeTooLargeToBeCopied_IsUnknownAndNotUnchanged()
    {
        using var folder = new LoopOrchestrator.Testing.TemporaryFolder();
        var store = new CheckpointStore(folder.Paths, TimeProvider.System, maxCopiedBytes: 10);
        await File.WriteAllTextAsync(folder.File("code.cs"), "more than ten bytes", Token);
        var evidence = new WorkEvidence(folder.Paths, store, new StepWorktrees(folder.Paths, TimeProvider.System));

        var lack = await evidence.TakeAsync("cycle/1-before", Token);
        await evidence.TakeAsync("cycle/1-after", Token);

        lack.Should().StartWith("no checkpoints: the workspace is no git work tree");
        await FluentActions
            .Awaiting(() => evidence.CompareAsync("cycle/1-before", "cycle/1-after", Token))
            .Should()
            .ThrowAsync<LoopOrchestrator.Core.Errors.UserErrorException>()
            .WithMessage("no checkpoint holds everything but the files of the loop itself*");
        (
            await store.PlanAsync(
                (await store.FindAsync("cycle/1-before", Token))!,
                (await store.FindAsync("cycle/1-after", Token))!,
                cancellationToken: Token
            )
        )
            .NotCovered.Should()
            .ContainSingle();
    }

    [Fact]
    public async Task Changes_RepositoryWithinAndFilesAbove_AreSaidNotToBeHeld()
    {
        using var sandbox = new GitSandbox("work");
        Files(sandbox);
        File.WriteAllText(Path.Combine(sandbox.Top, "above.txt"), "above\n");
        sandbox.Commit();
        Directory.CreateDirectory(sandbox.Path("inner"));
        GitFixtureInit(sandbox.Path("inner"));
        sandbox.Write("inner/file.txt", "inner\n");

        var before = await sandbox.TakeAsync("run-1/before");
        File.WriteAllText(Path.Combine(sandbox.Top, "above.txt"), "changed above\n");
        var after = await sandbox.TakeAsync("run-1/after");

        var changes = await sandbox.Store.ChangesAsync(before, after, Token);
        changes.NotCovered.Should().Equal("repositories of their own: inner/", "1 file(s) above the workspace changed: above.txt");
        changes.IsEmpty.Should().BeFalse("what is above has changed");
        (await sandbox.Store.PlanAsync(before, after, cancellationToken: Token)).NotCovered.Should().Equal(changes.NotCovered);
    }

    [Fact]
    public async Task Rollback_SparseCheckoutThatTheRunWidened_LeavesWhatIsOutsideOfTheCone()
    {
        using var sandbox = States["sparse, in cones"]();

        var result = await sandbox.RunAndRollBackAsync(static s =>
        {
            s.Git("sparse-checkout", "disable");
            s.Write("src/a.txt", "changed\n");
        });

        sandbox.Read("src/a.txt").Should().Be("a\n");
        sandbox.Exists("docs/guide.md").Should().BeTrue();
        result.NotDone.Should().OnlyContain(static item => item.Path.StartsWith("docs/") && item.Reason!.Contains("sparse"));
        sandbox.Git("status", "--porcelain").Should().BeEmpty();
    }

    private static async Task RollBackAsync(string state)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The listing is GNU find's.");
        Assert.SkipUnless(state != "another owner" || SpecialFile.Owner("/proc/self") == 0, "Only root can give it away.");
        using var sandbox = States[state]();
        var was = Lines(sandbox.Shell(Listing));
        var before = await sandbox.TakeAsync("run-1/before");
        sandbox.Shell(
            """
            echo changed >> src/a.txt; rm src/b.txt; chmod 755 top.txt; mkdir -p made/empty; echo new > made/file.txt
            chmod 711 src; rmdir -p empty/deeper 2>/dev/null; echo more > src/deep.txt
            """
        );
        if (state == "repository that is removed meanwhile")
        {
            sandbox.Delete(".git");
        }

        var after = await sandbox.TakeAsync("run-1/after");
        before = (await sandbox.Store.FindAsync(before.Name, Token))!;

        var changes = await sandbox.Store.ChangesAsync(before, after, Token);
        changes
            .Files.Select(static file => $"{file.Kind} {file.Path}")
            .Should()
            .Equal("Added made/file.txt", "Modified src/a.txt", "Deleted src/b.txt", "Added src/deep.txt", "ModeChanged top.txt");
        var result = await sandbox.Store.ApplyAsync(
            await sandbox.Store.PlanAsync(before, after, cancellationToken: Token),
            cancellationToken: Token
        );

        result.NotDone.Should().BeEmpty();
        Lines(sandbox.Shell(Listing)).Should().Equal(was);
    }

    // Half a minute between two looks at it.
    private sealed class StridingTime : TimeProvider
    {
        private long _seconds;

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => _seconds += 30;
    }

    private static IReadOnlyList<string> Lines(string text) => [.. text.Split('\n').Order(StringComparer.Ordinal)];

    private static GitSandbox With(Action<GitSandbox> change)
    {
        var sandbox = GitSandbox.Committed(Files);
        change(sandbox);
        return sandbox;
    }

    private static void GitFixtureInit(string folder) => LoopOrchestrator.Core.Tests.Git.GitFixture.Init(folder);

    private static void Files(GitSandbox sandbox)
    {
        sandbox.Write(".gitignore", ".loop/\n");
        sandbox.Write("top.txt", "top\n");
        sandbox.Write("src/a.txt", "a\n");
        sandbox.Write("src/b.txt", "b\n");
        sandbox.Write("docs/guide.md", "# Guide\n");
    }
}
