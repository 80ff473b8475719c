using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Commits;

/// <summary>Where nothing is committed at all.</summary>
public sealed class CommitRefusalTests : IDisposable
{
    private readonly TestRepository _git = new();

    public void Dispose() => _git.Dispose();

    [Fact]
    public async Task MakeAsync_UnfinishedMerge_IsRefused()
    {
        _git.Write("a.py", "1\n");
        _git.Commit();
        _git.Git("switch", "-q", "-c", "other");
        _git.Write("a.py", "2\n");
        _git.Commit("other");
        _git.Git("switch", "-q", "main");
        _git.Write("a.py", "3\n");
        _git.Commit("mine");
        _git.TryGit("merge", "other").ExitCode.Should().NotBe(0);

        (await Refusal()).Should().Contain("A merge is not finished here");
        (await _git.Service().PlanAsync(cancellationToken: TestContext.Current.CancellationToken))
            .LeftOut.Should()
            .ContainSingle()
            .Which.Reason.Should()
            .Be(LeftOutReason.Conflict);
        _git.Subjects.Should().Equal("mine", "before");
    }

    [Theory]
    [InlineData("a rebase", "rebase-merge/")]
    [InlineData("a cherry-pick", "CHERRY_PICK_HEAD")]
    [InlineData("a revert", "REVERT_HEAD")]
    [InlineData("a bisect", "BISECT_LOG")]
    public async Task MakeAsync_OtherUnfinishedOperation_IsRefused(string operation, string trace)
    {
        _git.Write("a.py");
        var path = Path.Combine(_git.Root, ".git", trace);
        if (trace.EndsWith('/'))
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            File.WriteAllText(path, "");
        }

        (await Refusal()).Should().ContainEquivalentOf(operation);
    }

    [Fact]
    public async Task MakeAsync_DetachedHead_NeedsTheWord()
    {
        _git.Write("a.py", "1\n");
        _git.Commit();
        _git.Git("checkout", "-q", "--detach");
        _git.Write("a.py", "2\n");

        (await Refusal()).Should().Contain("--allow-detached");

        (await _git.MakeAsync(allowDetached: true)).Made.Should().ContainSingle();
        _git.Git("rev-parse", "main~0").Trim().Should().NotBe(_git.Head);
    }

    [Fact]
    public async Task MakeAsync_WithoutIdentity_SaysHowToGiveOne()
    {
        _git.Git("config", "user.name", "");
        _git.Write("a.py");

        (await Refusal()).Should().Contain("git config user.name");
    }

    [Fact]
    public async Task MakeAsync_Untrusted_IsRefusedAndThePlanIsMadeUnlessGitWouldStartAProgram()
    {
        _git.Write("a.py");
        var service = _git.Service(trusted: false);

        (
            await service
                .Invoking(static it => it.MakeAsync(new CommitRequest(), cancellationToken: TestContext.Current.CancellationToken))
                .Should()
                .ThrowAsync<UserErrorException>()
        ).WithMessage("*not trusted*");
        (await service.PlanAsync(cancellationToken: TestContext.Current.CancellationToken)).Groups.Should().ContainSingle();
        Directory.Exists(Path.Combine(_git.Root, ".loop")).Should().BeFalse();
        _git.Git("config", "filter.x.clean", "touch started");
        _git.Write(".gitattributes", "*.py filter=x\n");
        (
            await service
                .Invoking(static it => it.PlanAsync(cancellationToken: TestContext.Current.CancellationToken))
                .Should()
                .ThrowAsync<UserErrorException>()
        ).WithMessage("*filter.x.clean*not trusted*");
        File.Exists(Path.Combine(_git.Root, "started")).Should().BeFalse();
    }

    [Fact]
    public async Task PlanAsync_NoRepository_SaysSo()
    {
        using var folder = new TemporaryFolder();
        var trust = new WorkspaceTrust(folder.FullPath, "the test", folder.File("none"));
        var service = TrustedCommits.Of(folder.Paths, new CommitSettings(), trust, TimeProvider.System);

        (await service.Invoking(static it => it.PlanAsync()).Should().ThrowAsync<UserErrorException>()).WithMessage(
            "*no git work tree*git init*"
        );
    }

    [Fact]
    public async Task MakeAsync_NothingChanged_MakesNothing()
    {
        _git.Write("a.py");
        _git.Commit();

        var result = await _git.MakeAsync(gate: static _ => throw new InvalidOperationException("nobody should ask"));

        result.Made.Should().BeEmpty();
        result.Stopped.Should().BeNull();
        _git.Subjects.Should().Equal("before");
    }

    private async Task<string> Refusal() =>
        (await _git.Invoking(static git => git.MakeAsync()).Should().ThrowAsync<UserErrorException>()).Which.Message;
}
