using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Integration;
using LoopOrchestrator.Core.Tests.Integration;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>Git fetches nothing by itself, and a push executes nothing that the repository chose.</summary>
public sealed class GitTransportTests : IDisposable
{
    private readonly TestRepository _git = new();
    private readonly TestRepository _hub = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _git.Dispose();
        _hub.Dispose();
    }

    [Fact]
    public async Task RunAsync_ObjectThatIsMissingInAPartialClone_IsNotFetched()
    {
        _git.Write("a.py", "what is missing in the clone\n");
        _git.Commit();
        _git.Git("config", "uploadpack.allowFilter", "true");
        _git.Git("clone", "-q", "--no-checkout", "--filter=blob:none", $"file://{_git.Root}", "clone");
        var clone = (await GitRepository.FindAsync(Path.Combine(_git.Root, "clone"), TimeProvider.System, Token)).Repository!;

        (await clone.TryRunAsync(["cat-file", "blob", "HEAD:a.py"], cancellationToken: Token)).Ok.Should().BeFalse();
        (await clone.TryRunAsync(["diff", "--numstat", "HEAD"], cancellationToken: Token)).Ok.Should().BeFalse();

        Missing().Should().Be(1);
        _git.Git("-C", "clone", "cat-file", "blob", "HEAD:a.py").Should().Contain("what is missing");
        Missing().Should().Be(0, "its user's own git fetches it");
    }

    [Theory]
    [InlineData("core.sshCommand", "a-program")]
    [InlineData("core.gitProxy", "a-program")]
    [InlineData("credential.helper", "!a-program")]
    [InlineData("credential.https://example.org.helper", "store; a-program")]
    [InlineData("remote.hub.receivepack", "a-program")]
    [InlineData("remote.hub.vcs", "other")]
    [InlineData("protocol.ext.allow", "always")]
    public async Task MakeAsync_PushWithAProgramOfTheRepository_IsNotMade(string key, string value)
    {
        var before = Pushable();
        _git.Git("config", key, value);

        var result = await _git.MakeAsync(new CommitSettings { Push = true });

        result.Pushed.Should().BeNull();
        result.PushFailure.Should().ContainEquivalentOf(key).And.Contain("--global");
        result.Made.Should().ContainSingle();
        Hub().Should().Be(before);
    }

    [Theory]
    [InlineData("credential.helper", "store")]
    [InlineData("credential.helper", "")]
    [InlineData("core.askPass", "a-program")]
    public async Task MakeAsync_PushWithWhatNeedsNoWord_IsMade(string key, string value)
    {
        Pushable();
        _git.Git("config", key, value);

        (await _git.MakeAsync(new CommitSettings { Push = true })).Pushed.Should().Be("hub main");
        Hub().Should().Be(_git.Head);
    }

    [Theory]
    [InlineData(".git/hooks")]
    [InlineData("hooks-of-mine")]
    public async Task MakeAsync_PushWithAHook_IsNotMadeAndTheHookNotRun(string folder)
    {
        var before = Pushable();
        _git.Git("config", "core.hooksPath", folder);
        var mark = Path.Combine(_git.Root, ".git", "mark");
        TestRepository.MakeExecutable(_git.Write($"{folder}/pre-push", $"#!/bin/sh\n: > '{mark}'\n"));

        var result = await _git.MakeAsync(new CommitSettings { Push = true });

        result.PushFailure.Should().Contain($"{folder}/pre-push").And.Contain("by hand");
        File.Exists(mark).Should().BeFalse();
        Hub().Should().Be(before);
    }

    [Fact]
    public async Task MakeAsync_PushIntoTheWorkspaceItself_IsNotMade()
    {
        Pushable();
        _git.Git("clone", "-q", "--bare", ".", "inside.git");
        _git.Git("config", "remote.hub.pushurl", "./inside.git");
        var before = _git.Git("-C", "inside.git", "rev-parse", "main");

        var result = await _git.MakeAsync(new CommitSettings { Push = true });
        result.PushFailure.Should().Contain("./inside.git lies in the workspace itself");
        _git.Git("-C", "inside.git", "rev-parse", "main").Should().Be(before);
    }

    private int Missing() =>
        _git.Git("-C", "clone", "rev-list", "--objects", "--all", "--missing=print").Split('\n').Count(static line => line.StartsWith('?'));

    // A workspace with a change, whose branch has an upstream beside it; what the upstream is at.
    private string Pushable()
    {
        _git.Write("a.py", "1\n");
        _git.Commit();
        var (hub, head) = (Path.Combine(_hub.Root, "hub.git"), _git.Head);
        GitFixture.MakeBare(_git.Root, hub);
        GitFixture.Configure(
            _git.Root,
            ("remote.hub.url", hub),
            ("remote.hub.fetch", "+refs/heads/*:refs/remotes/hub/*"),
            ("branch.main.remote", "hub"),
            ("branch.main.merge", "refs/heads/main"));
        _git.Write(".git/refs/remotes/hub/main", head + "\n");
        _git.Write("a.py", "2\n");
        return head;
    }

    private string Hub() => _hub.Git("-C", "hub.git", "rev-parse", "main").Trim();
}
