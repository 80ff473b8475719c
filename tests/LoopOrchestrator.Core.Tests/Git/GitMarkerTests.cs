using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Tests.Git;

/// <summary>No program that a repository configures is executed, by any operation that asks git, trusted or not.</summary>
public sealed class GitMarkerTests
{
    private static readonly Dictionary<string, Func<MarkedRepository, Task>> Operations = new(StringComparer.Ordinal)
    {
        ["commit plan, untrusted"] = static git => git.Commits(trusted: false).PlanAsync(cancellationToken: Token),
        ["commit plan"] = static git => git.Commits(trusted: true).PlanAsync(cancellationToken: Token),
        ["commit apply"] = static async git =>
            (await git.Commits(trusted: true).MakeAsync(new CommitRequest(), cancellationToken: Token)).Stopped.Should().BeNull(),
        ["checkpoints, comparison, rollback"] = static async git =>
        {
            var before = await git.Checkpoints.TakeAsync("run-1/before", Token);
            git.Write("changed.txt", "by the run\n");
            git.Write("within/changed.txt", "by the run\n");
            var after = await git.Checkpoints.TakeAsync("run-1/after", Token);
            (await git.Checkpoints.ChangesAsync(before, after, Token)).FileCount.Should().Be(1);
            var plan = await git.Checkpoints.PlanAsync(before, after, cancellationToken: Token);
            (await git.Checkpoints.ApplyAsync(plan, cancellationToken: Token)).Failed.Should().BeEmpty();
        },
        ["isolated tree"] = static async git =>
        {
            var tree = await git.Worktrees.CreateAsync("step-1", Token);
            File.WriteAllText(Path.Combine(tree.Folder, "changed.txt"), "by the step\n");
            (await git.Worktrees.ChangesAsync(tree, Token)).FileCount.Should().Be(1);
            (await git.Worktrees.LandAsync(tree, Token)).HasLanded.Should().BeTrue();
            await git.Worktrees.RemoveAsync("step-1", Token);
        },
    };

    public static TheoryData<string> All => [.. Operations.Keys];

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(All))]
    public async Task Operation_EveryProgramConfigured_ExecutesNone(string operation)
    {
        using var git = new MarkedRepository(withFilters: false);

        await Operations[operation](git);

        git.Marks.Should().BeEmpty();
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task Operation_FilterConfigured_ExecutesNoneAndCommitsNothingWithoutIt(string operation)
    {
        using var git = new MarkedRepository(withFilters: true);
        var call = async () => await Operations[operation](git);

        if (operation.StartsWith("commit", StringComparison.Ordinal))
        {
            var isUntrusted = operation.EndsWith("untrusted", StringComparison.Ordinal);
            (await call.Should().ThrowAsync<UserErrorException>()).WithMessage(
                isUntrusted ? "*filter.marked.clean*not trusted*" : "*filter.marked.clean*--global*by hand*"
            );
        }
        else
        {
            await call();
        }

        git.Marks.Should().BeEmpty();
    }

    // What the others would not see if the programs were configured in vain.
    [Fact]
    public void Operation_AsTheUserWouldCallGit_ExecutesThem()
    {
        using var git = new MarkedRepository(withFilters: true);

        git.Call("status");
        git.Call("diff");
        git.Call("add", "-A");
        git.Call("-c", "commit.gpgSign=false", "commit", "-q", "-m", "after");
        git.Call("commit", "-q", "--allow-empty", "-m", "signed");

        git.Marks.Should()
            .Contain([
                "core.fsmonitor",
                "diff.marked.command",
                "filter.marked.clean",
                "gpg.program",
                "hook pre-commit",
                "hook post-index-change",
                "hook reference-transaction",
                "within.core.fsmonitor",
                "within.filter.marked.clean",
            ]);
    }
}
