using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Tests.Commits;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>Repositories about which git is not asked while nobody trusts the workspace, and ordinary ones about which it is.</summary>
public sealed class GitUntrustedTests : IDisposable
{
    private readonly TestRepository _git = new();

    public void Dispose() => _git.Dispose();

    public static TheoryData<string, string[]> PartialClones =>
        new()
        {
            { "remote.origin.promisor", ["remote.origin.promisor", "true"] },
            { "remote.a.b.promisor", ["remote.a.b.promisor", "yes"] },
            { "remote.origin.partialclonefilter", ["remote.origin.partialclonefilter", "blob:none"] },
            { "extensions.partialclone", ["extensions.partialclone", "origin"] },
        };

    [Theory]
    [MemberData(nameof(PartialClones))]
    public async Task PlanAsync_PartialClone_IsRefusedUntrustedOnly(string told, string[] setting)
    {
        _git.Write("a.py");
        _git.Git(["config", .. setting]);

        (await RefusalAsync(_git)).Should().Contain("partial clone").And.Contain(told).And.Contain("not trusted");
        (await PlanAsync(_git, trusted: true)).Should().Be(1);
    }

    [Fact]
    public async Task PlanAsync_PartialCloneByAnIncludedFile_IsRefused()
    {
        _git.Write("settings", "[remote \"origin\"]\n\tpromisor = true\n");
        _git.Git("config", "include.path", "../settings");

        (await RefusalAsync(_git)).Should().Contain("remote.origin.promisor");
    }

    [Theory]
    [InlineData("remote.origin.promisor", "true", "partial clone")]
    [InlineData("filter.x.process", "a-program", "filter.x.process")]
    [InlineData("core.worktree", "/", "The work tree of")]
    public async Task PlanAsync_FolderBelowSuchARepository_IsRefused(string key, string value, string told)
    {
        using var git = new TestRepository("packages/one");
        git.Write("packages/one/a.py");
        git.Git("config", key, value);

        (await RefusalAsync(git)).Should().Contain(told);
    }

    [Theory]
    [InlineData("filter.x.clean")]
    [InlineData("filter.x.smudge")]
    [InlineData("filter.x.y.process")]
    [InlineData("lfs.extension.x.clean")]
    public async Task PlanAsync_FilterOfTheRepository_IsRefused(string key)
    {
        _git.Git("config", key, "a-program");

        (await RefusalAsync(_git)).Should().Contain(key);
    }

    [Fact]
    public async Task PlanAsync_GitFileThatLeadsToARepositoryOfAnotherFolder_IsRefused()
    {
        using var other = new TestRepository();
        Directory.Delete(Path.Combine(_git.Root, ".git"), recursive: true);
        _git.Write(".git", $"gitdir: {other.Root}/.git\n");
        _git.Write("a.py");

        (await RefusalAsync(_git)).Should().Contain("does not lead back").And.Contain(other.Root);
        (await PlanAsync(_git, trusted: true)).Should().Be(1);
    }

    [Fact]
    public async Task PlanAsync_GitThatIsALink_IsRefused()
    {
        using var other = new TestRepository();
        Directory.Delete(Path.Combine(_git.Root, ".git"), recursive: true);
        Directory.CreateSymbolicLink(Path.Combine(_git.Root, ".git"), Path.Combine(other.Root, ".git"));

        (await RefusalAsync(_git)).Should().Contain("is a link");
    }

    [Fact]
    public async Task PlanAsync_GitFolderThatTakesItsSettingsFromElsewhere_IsRefused()
    {
        using var other = new TestRepository();
        _git.Write(".git/commondir", $"{other.Root}/.git\n");

        (await RefusalAsync(_git)).Should().Contain("takes its configuration from elsewhere");
    }

    [Fact]
    public async Task PlanAsync_RepositoryWithoutWorkTreeInAFolder_IsNone()
    {
        // Files that any repository can hold, which git would take for a git folder: a work tree may be named in them, and programs.
        _git.Git("init", "-q", "--bare", "data");
        _git.Git("config", "--file", "data/config", "core.bare", "false");
        _git.Git("config", "--file", "data/config", "core.worktree", ".");
        using var workspace = new TestRepository("unused");
        Directory.Delete(Path.Combine(_git.Root, ".git"), recursive: true);

        (await RefusalAsync(Path.Combine(_git.Root, "data"))).Should().Contain("no git work tree");
    }

    [Fact]
    public async Task PlanAsync_LinkedWorkTreeAndSubmodule_AreAsked()
    {
        _git.Write("a.py");
        _git.Commit();
        _git.Git("worktree", "add", "-q", "tree");
        _git.Git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", _git.Root, "within");
        _git.Write("tree/b.py");
        _git.Write("within/b.py");

        (await PlanAsync(Path.Combine(_git.Root, "tree"))).Should().Be(1);
        (await PlanAsync(Path.Combine(_git.Root, "within"))).Should().Be(1);
    }

    private static async Task<string> RefusalAsync(TestRepository git) => await RefusalAsync(git.Workspace);

    private static async Task<string> RefusalAsync(string workspace) =>
        (await FluentActions.Awaiting(() => PlanAsync(workspace)).Should().ThrowAsync<UserErrorException>()).Which.Message;

    private static Task<int> PlanAsync(TestRepository git, bool trusted) => PlanAsync(git.Workspace, trusted);

    private static async Task<int> PlanAsync(string workspace, bool trusted = false)
    {
        var trust = new WorkspaceTrust(workspace, trusted ? "the test" : null, Path.Combine(workspace, "nobody-is-trusted"));
        var service = TrustedCommits.Of(new WorkspacePaths(workspace), new CommitSettings(), trust, TimeProvider.System);
        var plan = await service.PlanAsync(cancellationToken: TestContext.Current.CancellationToken);
        return plan.Groups.Sum(static group => group.Files.Count);
    }
}
