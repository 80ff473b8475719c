using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Checkpoints.References;
using LoopOrchestrator.Core.Git;

namespace LoopOrchestrator.Core.Tests.Checkpoints;

/// <summary>The second copy of checkpoints, below <c>.loop/checkpoints/own</c>: what is wrong with it harms no first one.</summary>
public sealed class SecondCopyTests : IDisposable
{
    private readonly GitSandbox _sandbox = GitSandbox.Committed(Files);

    private static CancellationToken Token => GitSandbox.Token;

    private string Own => CheckpointMirror.FolderOf(_sandbox.Paths);

    public void Dispose() => _sandbox.Dispose();

    [Theory]
    [InlineData("another format")]
    [InlineData("lock that cannot be had")]
    [InlineData("full of rubbish")]
    public async Task TakeAsync_SecondCopyFails_HasTheFirstAndSaysWhy(string trouble)
    {
        if (trouble == "another format")
        {
            Write("config", "[core]\nrepositoryFormatVersion = 1\n[extensions]\nobjectFormat = sha256\n");
        }
        else if (trouble == "full of rubbish")
        {
            Write("refs/loop", "no folder");
        }
        else
        {
            Directory.CreateDirectory(Path.Combine(_sandbox.Paths.Locks, "checkpoints-own.lock"));
        }

        var taken = await _sandbox.TakeAsync("one");

        taken.Kind.Should().Be(CheckpointKind.Git);
        taken.Lack.Should().StartWith("the checkpoints of cycles are in the repository's .git alone and would go with it: ");
        Write("config", "[core");
        (await _sandbox.Store.FindAsync("one", Token))!.Id.Should().Be(taken.Id);
        (await _sandbox.Store.FindAsync("another", Token)).Should().BeNull("a copy that cannot be read is no reason to know nothing");
    }

    [Fact]
    public async Task TakeAsync_SecondCopyTakesTooLong_IsNotTriedForADay()
    {
        var repository = (await WorkspaceRepository.OpenAsync(_sandbox.Paths, _sandbox.Time, toWrite: true, Token)).Repository!;
        var mirror = new CheckpointMirror(_sandbox.Paths, new HastyTime(_sandbox.Time), CheckpointMirror.MaxBytes);
        var hasty = new GitCheckpoints(_sandbox.Paths, repository, _sandbox.Time, mirror);

        var first = await hasty.TakeAsync("one", [], isJustFound: true, Token);
        var second = await _sandbox.TakeAsync("two");

        first.Lack.Should().EndWith("git did not copy the files in time, and that is not tried for a day");
        second.Lack.Should().Be(first.Lack);
        _sandbox.Time.Advance(TimeSpan.FromDays(2));
        (await _sandbox.TakeAsync("three")).Lack.Should().BeNull();
    }

    [Fact]
    public async Task TakeAsync_TreeThatHasBecomeTooLarge_IsNotCopiedUntilItIsSmallAgain()
    {
        var store = new CheckpointStore(_sandbox.Paths, _sandbox.Time, maxCopiedBytes: 100);
        var small = await store.TakeAsync("small", Token);
        _sandbox.Write("large.txt", new string('x', 200));
        var large = await store.TakeAsync("large", Token);
        _sandbox.Delete("large.txt");
        var again = await store.TakeAsync("again", Token);

        (small.Lack, again.Lack).Should().Be((null, null));
        large.Lack.Should().EndWith("MB of files are more than what is copied");
        References().Should().Equal("again", "small");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task TakeAsync_ObjectsOfTheCopiesRemoved_CopiesAllOfThemAnew(bool isChanged)
    {
        await _sandbox.TakeAsync("one");
        Directory.Delete(Path.Combine(Own, "objects"), recursive: true);
        if (isChanged)
        {
            _sandbox.Write("a.txt", "changed\n");
        }

        var taken = await _sandbox.TakeAsync("two");

        taken.Lack.Should().BeNull();
        InOwn("rev-list", "--objects", "refs/loop/checkpoints/two").Should().Contain("b.txt", "it is complete");
    }

    [Fact]
    public async Task PruneAsync_OldOnes_GoInBothAndTheNextCopyBuildsOnTheNewestThatStays()
    {
        foreach (var name in (string[])["one", "two", "three"])
        {
            _sandbox.Write("a.txt", $"{name}\n");
            await _sandbox.TakeAsync(name);
            _sandbox.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await PruneAsync(2);

        References().Should().Equal("three", "two");
        Packs().Should().ContainSingle("they were joined");
        File.ReadAllText(Path.Combine(Own, "last")).Should().Be(InOwn("rev-parse", "refs/loop/checkpoints/three^{tree}").Trim());
        _sandbox.Write("a.txt", "four\n");
        await _sandbox.TakeAsync("four");
        Packs().Should().HaveCount(2);
        InOwn("count-objects", "-v").Should().Contain("packs: 2");
        await PruneAsync(2);
        References().Should().Equal("four", "three");
        Packs().Should().HaveCount(2, "all that is kept is written anew once a day at the most");
        _sandbox.Time.Advance(TimeSpan.FromDays(2));
        await PruneAsync(1);
        Packs().Should().ContainSingle();
    }

    [Fact]
    public async Task PruneAsync_CopiesThatCannotBePruned_DoNotKeepTheUsersReferences()
    {
        await _sandbox.TakeAsync("one");
        File.Delete(Path.Combine(_sandbox.Paths.Locks, "checkpoints-own.lock"));
        Directory.CreateDirectory(Path.Combine(_sandbox.Paths.Locks, "checkpoints-own.lock"));

        await FluentActions.Awaiting(() => PruneAsync(0)).Should().ThrowAsync<LoopOrchestrator.Core.Errors.UserErrorException>();

        _sandbox.Git("for-each-ref", "refs/loop").Should().BeEmpty();
    }

    /// <summary>What the mark says that remembers where the repository was, in a workspace that has one.</summary>
    [Theory]
    [InlineData("/")]
    [InlineData("..")]
    public async Task Lost_MarkOfAFolderAboveTheRepository_IsNotBelieved(string marked)
    {
        Directory.CreateDirectory(_sandbox.Paths.Checkpoints);
        await File.WriteAllTextAsync(LostRepository.Mark(_sandbox.Paths), Path.GetFullPath(marked, _sandbox.Top), Token);

        LostRepository.Find(_sandbox.Paths).Should().BeNull("the workspace has a repository");
        (await _sandbox.TakeAsync("one")).Kind.Should().Be(CheckpointKind.Git);
        LostRepository.TopOf(_sandbox.Paths).Should().Be(_sandbox.Top);
    }

    [Fact]
    public async Task TakeAsync_WorkTreeElsewhereThanItsRepository_IsNotTakenForALostOne()
    {
        using var sandbox = new GitSandbox("work");
        Directory.Move(Path.Combine(sandbox.Top, ".git"), sandbox.Path(".git"));
        sandbox.Git("config", "core.worktree", sandbox.Top);
        sandbox.Write("file.txt", "text\n");

        var taken = await sandbox.TakeAsync("one");

        taken.Kind.Should().Be(CheckpointKind.Git);
        taken.Lack.Should().EndWith("its work tree is not where its .git is");
        (await sandbox.TakeAsync("two")).Kind.Should().Be(CheckpointKind.Git);
    }

    private Task<int> PruneAsync(int count) => _sandbox.Store.PruneAsync(TimeSpan.FromDays(30), count, static _ => false, Token);

    private IReadOnlyList<string> References() =>
        InOwn("for-each-ref", "--format=%(refname:lstrip=3)").Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private string[] Packs() => Directory.GetFiles(Path.Combine(Own, "objects", "pack"), "*.pack");

    private string InOwn(params string[] arguments) => GitSandbox.GitIn(_sandbox.Top, ["--git-dir", Own, .. arguments]);

    private void Write(string name, string content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(Own, name))!);
        File.WriteAllText(Path.Combine(Own, name), content);
    }

    private static void Files(GitSandbox sandbox)
    {
        sandbox.Write(".gitignore", ".loop/\n");
        sandbox.Write("a.txt", "a\n");
        sandbox.Write("b.txt", "b\n");
    }

    // Whatever waits for a time limit has reached it.
    private sealed class HastyTime(TimeProvider time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }
}
