using System.Text;
using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Tests.Commits;

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

    public static TheoryData<string, string> Programs =>
        new()
        {
            { "core.sshCommand", "a-program" },
            { "core.gitProxy", "a-program" },
            { "credential.helper", "!a-program" },
            { "credential.https://example.org.helper", "store; a-program" },
            { "remote.hub.receivepack", "a-program" },
            { "remote.hub.vcs", "other" },
            { "protocol.ext.allow", "always" },
        };

    public static TheoryData<string, string> Harmless =>
        new()
        {
            { "credential.helper", "store" },
            { "credential.helper", "" },
            { "core.askPass", "a-program" },
        };

    [Theory]
    [MemberData(nameof(Programs))]
    public void RepositorysTransport_Program_IsNamed(string key, string value) => Transport(key, value).Should().BeEquivalentTo(key);

    [Theory]
    [MemberData(nameof(Harmless))]
    public void RepositorysTransport_WhatNeedsNoWord_IsNone(string key, string value) => Transport(key, value).Should().BeNull();

    [Fact]
    public Task MakeAsync_PushWithAProgramOfTheRepository_IsNotMade() => RefuseAsync("remote.hub.receivepack", "a-program");

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [MemberData(nameof(Programs))]
    public Task MakeAsync_PushWithAnyProgramOfTheRepository_IsNotMade(string key, string value) => RefuseAsync(key, value);

    [Fact]
    public Task MakeAsync_PushWithWhatNeedsNoWord_IsMade() => PushAsync("credential.helper", "store");

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [MemberData(nameof(Harmless))]
    public Task MakeAsync_PushWithAnythingThatNeedsNoWord_IsMade(string key, string value) => PushAsync(key, value);

    private async Task RefuseAsync(string key, string value)
    {
        var before = Pushable();
        _git.Git("config", key, value);

        var result = await _git.MakeAsync(new CommitSettings { Push = true });

        result.Pushed.Should().BeNull();
        result.PushFailure.Should().ContainEquivalentOf(key).And.Contain("--global");
        result.Made.Should().ContainSingle();
        Hub().Should().Be(before);
    }

    private async Task PushAsync(string key, string value)
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

    // As git tells it: the parts that are no name of the user's in small letters.
    private static string? Transport(string key, string value) =>
        GitConfiguration
            .Parse(new GitResult(0, Encoding.UTF8.GetBytes($"local\0{key.ToLowerInvariant()}\n{value}\0"), ""))
            .RepositorysTransport;

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
            ("branch.main.merge", "refs/heads/main")
        );
        _git.Write(".git/refs/remotes/hub/main", head + "\n");
        _git.Write("a.py", "2\n");
        return head;
    }

    private string Hub() => _hub.Git("-C", "hub.git", "rev-parse", "main").Trim();
}
