using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Core.Tests.Checkpoints;

public sealed class RollbackTests
{
    private static CancellationToken Token => GitSandbox.Token;

    [Fact]
    public async Task PlanAsync_WhatTheRunDid_IsListedAndNothingIsDone()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s =>
        {
            s.Write("a.txt", "run\n");
            s.Delete("b.txt");
            s.Write("new.txt", "run\n");
        });
        var was = sandbox.UserState();

        var plan = await sandbox.Store.PlanAsync(before, after, cancellationToken: Token);

        Describe(plan.Items).Should().Equal("Restore a.txt", "Restore b.txt", "Remove new.txt");
        plan.ChangesAnything.Should().BeTrue();
        sandbox.UserState().Should().Equal(was);
    }

    [Fact]
    public async Task ApplyAsync_SomebodyChangedAFileSince_RefusesAndChangesNothing()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s =>
        {
            s.Write("a.txt", "run\n");
            s.Write("b.txt", "run\n");
            s.Write("new.txt", "run\n");
        });
        sandbox.Write("a.txt", "somebody\n");
        sandbox.Write("new.txt", "somebody\n");
        var was = sandbox.UserState();
        var plan = await sandbox.Store.PlanAsync(before, after, cancellationToken: Token);

        var act = () => sandbox.Store.ApplyAsync(plan, cancellationToken: Token);

        (await act.Should().ThrowAsync<UserErrorException>())
            .Which.Message.Should()
            .Contain("a.txt")
            .And.Contain("new.txt")
            .And.Contain("Nothing was changed");
        sandbox.UserState().Should().Equal(was);
        Describe(plan.Items).Should().Equal("Conflict a.txt", "Restore b.txt", "Conflict new.txt");
    }

    [Fact]
    public async Task ApplyAsync_ConflictsToBeLeft_RestoresTheOthers()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s =>
        {
            s.Write("a.txt", "run\n");
            s.Write("b.txt", "run\n");
        });
        sandbox.Write("a.txt", "somebody\n");

        var result = await sandbox.Store.ApplyAsync(
            await sandbox.Store.PlanAsync(before, after, cancellationToken: Token),
            skipConflicts: true,
            Token
        );

        (sandbox.Read("a.txt"), sandbox.Read("b.txt")).Should().Be(("somebody\n", "b\n"));
        Describe(result.Done).Should().Equal("Restore b.txt");
        Describe(result.NotDone).Should().Equal("Conflict a.txt");
        result.IsVerified.Should().BeTrue();
    }

    [Fact]
    public async Task ApplyAsync_ChangedBetweenPlanAndCall_IsSeen()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s => s.Write("a.txt", "run\n"));
        var plan = await sandbox.Store.PlanAsync(before, after, cancellationToken: Token);
        sandbox.Write("a.txt", "somebody\n");

        await FluentActions
            .Awaiting(() => sandbox.Store.ApplyAsync(plan, cancellationToken: Token))
            .Should()
            .ThrowAsync<UserErrorException>()
            .WithMessage("1 file(s)*not as the run left them*a.txt*Nothing was changed*");

        sandbox.Read("a.txt").Should().Be("somebody\n");
    }

    [Fact]
    public async Task ApplyAsync_Twice_HasNothingToDo()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s =>
        {
            s.Write("a.txt", "run\n");
            s.Delete("b.txt");
            s.Write("new.txt", "run\n");
        });
        await sandbox.Store.ApplyAsync(await sandbox.Store.PlanAsync(before, after, cancellationToken: Token), cancellationToken: Token);

        var again = await sandbox.Store.PlanAsync(before, after, cancellationToken: Token);

        Describe(again.Items).Should().Equal("AlreadySo a.txt", "AlreadySo b.txt", "AlreadySo new.txt");
        again.ChangesAnything.Should().BeFalse();
    }

    [Fact]
    public async Task ApplyAsync_StoppedInBetween_IsBroughtToItsEndByAnother()
    {
        using var sandbox = Repository();
        var was = sandbox.WorkTree();
        var (before, after) = await RunAsync(sandbox, static s =>
        {
            s.Write("a.txt", "run\n");
            s.Write("b.txt", "run\n");
            s.Delete("folder");
            s.Write("one.txt", "run\n");
            s.Write("two.txt", "run\n");
        });
        sandbox.Write("a.txt", "a\n");
        sandbox.Delete("one.txt");

        var plan = await sandbox.Store.PlanAsync(before, after, cancellationToken: Token);
        await sandbox.Store.ApplyAsync(plan, cancellationToken: Token);

        Describe(plan.Items)
            .Should()
            .Equal("AlreadySo a.txt", "Restore b.txt", "Restore folder/c.txt", "AlreadySo one.txt", "Remove two.txt");
        sandbox.WorkTree().Should().Equal(was);
    }

    [Fact]
    public async Task ApplyAsync_OtherFilesOfTheUser_StayAsTheyAre()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s => s.Write("a.txt", "run\n"));
        sandbox.Write("b.txt", "the user works on\n");
        sandbox.Write("later.txt", "made since\n");

        await sandbox.Store.ApplyAsync(await sandbox.Store.PlanAsync(before, after, cancellationToken: Token), cancellationToken: Token);

        (sandbox.Read("a.txt"), sandbox.Read("b.txt"), sandbox.Read("later.txt"))
            .Should()
            .Be(("a\n", "the user works on\n", "made since\n"));
    }

    [Fact]
    public async Task ApplyAsync_RunStoppedIgnoringTheUsersFile_DoesNotDeleteIt()
    {
        using var sandbox = Repository();
        sandbox.Write(".env", "SECRET=1\n");
        sandbox.Write("build/out", "built by the user\n");

        var result = await sandbox.RunAndRollBackAsync(static s =>
        {
            s.Write(".gitignore", "");
            s.Write("new.txt", "run\n");
        });

        (sandbox.Read(".env"), sandbox.Read("build/out"), sandbox.Exists("new.txt"), sandbox.Read(".gitignore"))
            .Should()
            .Be(("SECRET=1\n", "built by the user\n", false, ".env\nbuild/\n.loop/\n"));
        Describe(result.NotDone).Should().Equal("Left .env", "Left build/out");
    }

    [Fact]
    public async Task PlanAsync_RunBeganIgnoringTheUsersFileAndItChanged_IsAConflict()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s =>
        {
            s.Write(".gitignore", "*.txt\n");
            s.Git("rm", "-q", "--cached", "a.txt");
            s.Write("a.txt", "whose?\n");
        });

        var plan = await sandbox.Store.PlanAsync(before, after, cancellationToken: Token);

        plan.Items.Single(static item => item.Path == "a.txt")
            .Should()
            .BeEquivalentTo(
                new
                {
                    Action = RollbackAction.Conflict,
                    Reason = "it was ignored by git or unreadable after the run, so nobody can say who changed it",
                }
            );
    }

    [Fact]
    public async Task ApplyAsync_FilesThatTheServerWrites_AreLeftUnlessAskedFor()
    {
        using var sandbox = Repository();
        sandbox.Write("TODO.md", "before\n");
        var (before, after) = await RunAsync(sandbox, static s =>
        {
            s.Write("TODO.md", "after\n");
            s.Write("task_timing.tsv", "after\n");
            s.Write("sub/TODO.md", "the run's\n");
        });

        Describe((await sandbox.Store.PlanAsync(before, after, cancellationToken: Token)).Items)
            .Should()
            .Equal("Left TODO.md", "Remove sub/TODO.md", "Left task_timing.tsv");
        await sandbox.Store.ApplyAsync(await sandbox.Store.PlanAsync(before, after, withOwnFiles: true, Token), cancellationToken: Token);

        (sandbox.Read("TODO.md"), sandbox.Exists("task_timing.tsv")).Should().Be(("before\n", false));
    }

    [Fact]
    public async Task ApplyAsync_CommitsOfTheRun_StayAndAreNamed()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s =>
        {
            s.Write("a.txt", "run\n");
            s.Commit("the run's");
        });
        var git = sandbox.GitState().Where(static line => !line.StartsWith("status", StringComparison.Ordinal)).ToList();

        var result = await sandbox.Store.ApplyAsync(
            await sandbox.Store.PlanAsync(before, after, cancellationToken: Token),
            cancellationToken: Token
        );

        sandbox.Read("a.txt").Should().Be("a\n");
        result.Commits.Should().Equal(new CommitLine(sandbox.Git("rev-parse", "HEAD").Trim(), "the run's"));
        sandbox.GitState().Where(static line => !line.StartsWith("status", StringComparison.Ordinal)).Should().Equal(git);
    }

    [Fact]
    public async Task ApplyAsync_RunResetTheUsersWork_BringsItBack()
    {
        using var sandbox = Repository();
        sandbox.Write("a.txt", "not committed\n");
        sandbox.Write("loose.txt", "never added\n");
        var was = sandbox.WorkTree();

        await sandbox.RunAndRollBackAsync(static s =>
        {
            s.Git("reset", "-q", "--hard");
            s.Git("clean", "-qfd");
            s.Git("checkout", "-q", "-b", "elsewhere");
        });

        sandbox.WorkTree().Should().Equal(was);
    }

    [Fact]
    public async Task ApplyAsync_WholeCycle_GoesBackBehindAllItsSteps()
    {
        using var sandbox = Repository();
        var (before, _) = await RunAsync(sandbox, static s =>
        {
            s.Write("a.txt", "first step\n");
            s.Write("one.txt", "1\n");
        });
        var was = new[] { "a\n", "b\n" };
        sandbox.Write("b.txt", "second step\n");
        sandbox.Delete("one.txt");
        var last = await sandbox.TakeAsync("run-2/after");

        await sandbox.Store.ApplyAsync(await sandbox.Store.PlanAsync(before, last, cancellationToken: Token), cancellationToken: Token);

        new[] { sandbox.Read("a.txt"), sandbox.Read("b.txt") }.Should().Equal(was);
        sandbox.Exists("one.txt").Should().BeFalse();
    }

    [Fact]
    public async Task ApplyAsync_BeforeAnythingIsChanged_KeepsThePresent()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s => s.Write("a.txt", "run\n"));

        var result = await sandbox.Store.ApplyAsync(
            await sandbox.Store.PlanAsync(before, after, cancellationToken: Token),
            cancellationToken: Token
        );

        result.Safety!.Name.Should().Be("rollback/run-1/before-20260301T120000000Z");
        sandbox.Git("show", $"refs/loop/checkpoints/{result.Safety.Name}:a.txt").Should().Be("run\n");
    }

    [Fact]
    public async Task ApplyAsync_FileOfTheRunThatIsIgnoredNow_IsKeptBeforeItIsRemoved()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s => s.Write("made.log", "run\n"));
        sandbox.Write(".git/info/exclude", "*.log\n");

        var result = await sandbox.Store.ApplyAsync(
            await sandbox.Store.PlanAsync(before, after, cancellationToken: Token),
            cancellationToken: Token
        );

        sandbox.Exists("made.log").Should().BeFalse();
        sandbox.Git("show", $"{result.Safety!.Id}:made.log").Should().Be("run\n");
    }

    [Fact]
    public async Task ApplyAsync_FolderReplacedByALinkThatLeadsOutside_WritesNothingThrough()
    {
        using var sandbox = Repository();
        Directory.CreateDirectory(sandbox.Beside("outside"));
        File.WriteAllText(Path.Combine(sandbox.Beside("outside"), "c.txt"), "not ours\n");

        await sandbox.RunAndRollBackAsync(s =>
        {
            s.Delete("folder");
            Directory.CreateSymbolicLink(s.Path("folder"), s.Beside("outside"));
        });

        File.ReadAllText(Path.Combine(sandbox.Beside("outside"), "c.txt")).Should().Be("not ours\n");
        sandbox.Read("folder/c.txt").Should().Be("c\n");
        new FileInfo(sandbox.Path("folder")).LinkTarget.Should().BeNull();
    }

    [Fact]
    public async Task PlanAsync_SomebodyPutALinkInTheWay_IsAConflict()
    {
        using var sandbox = Repository();
        Directory.CreateDirectory(sandbox.Beside("outside"));
        var (before, after) = await RunAsync(sandbox, static s => s.Delete("folder"));
        Directory.CreateSymbolicLink(sandbox.Path("folder"), sandbox.Beside("outside"));

        var plan = await sandbox.Store.PlanAsync(before, after, cancellationToken: Token);
        await sandbox.Store.ApplyAsync(plan, skipConflicts: true, Token);

        plan.Items.Single().Should().BeEquivalentTo(new { Action = RollbackAction.Conflict, Reason = "folder is in the way" });
        Directory.EnumerateFileSystemEntries(sandbox.Beside("outside")).Should().BeEmpty();
    }

    [Fact]
    public async Task PlanAsync_SomebodyUsesTheFolderInAFilesPlace_IsAConflict()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s =>
        {
            s.Delete("a.txt");
            s.Write("a.txt/run", "run\n");
        });
        sandbox.Write("a.txt/somebody", "mine\n");

        var result = await sandbox.Store.ApplyAsync(
            await sandbox.Store.PlanAsync(before, after, cancellationToken: Token),
            skipConflicts: true,
            Token
        );

        Describe(result.NotDone).Should().Equal("Conflict a.txt");
        sandbox.Read("a.txt/somebody").Should().Be("mine\n");
    }

    [Fact]
    public async Task ApplyAsync_EmptyFolderThatTheRunFilled_IsThereEmptyAgain()
    {
        using var sandbox = Repository();
        Directory.CreateDirectory(sandbox.Path("logs"));

        await sandbox.RunAndRollBackAsync(static s =>
        {
            s.Write("logs/x", "run\n");
            s.Write("made/deep/x", "run\n");
        });

        Directory.EnumerateFileSystemEntries(sandbox.Path("logs")).Should().BeEmpty();
        sandbox.Exists("made").Should().BeFalse();
    }

    [Fact]
    public async Task ApplyAsync_DeletedFileThatOthersMayNotRead_ComesBackSo()
    {
        using var sandbox = Repository();
        sandbox.Shell("chmod 600 a.txt && chmod 640 b.txt");

        await sandbox.RunAndRollBackAsync(static s =>
        {
            s.Delete("a.txt");
            s.Shell("chmod 666 b.txt; echo x >> b.txt");
        });

        sandbox.Shell("stat -c %a a.txt b.txt").Should().Be("600\n640\n");
    }

    [Fact]
    public async Task PlanAsync_CheckpointRemoved_SaysSo()
    {
        using var sandbox = Repository();
        var (before, after) = await RunAsync(sandbox, static s => s.Write("a.txt", "run\n"));

        var act = () => sandbox.Store.PlanAsync(before with { Id = new string('1', 40) }, after, cancellationToken: Token);

        (await act.Should().ThrowAsync<UserErrorException>())
            .Which.Message.Should()
            .Contain("not in the repository")
            .And.Contain("for-each-ref");
    }

    private static async Task<(Checkpoint Before, Checkpoint After)> RunAsync(GitSandbox sandbox, Action<GitSandbox> run)
    {
        var before = await sandbox.TakeAsync("run-1/before");
        run(sandbox);
        return (before, await sandbox.TakeAsync("run-1/after"));
    }

    private static IEnumerable<string> Describe(IEnumerable<RollbackItem> items) =>
        items.Select(static item => $"{item.Action} {item.Path}");

    private static GitSandbox Repository() => GitSandbox.Committed(Files);

    private static void Files(GitSandbox sandbox)
    {
        sandbox.Write(".gitignore", ".env\nbuild/\n.loop/\n");
        sandbox.Write("a.txt", "a\n");
        sandbox.Write("b.txt", "b\n");
        sandbox.Write("folder/c.txt", "c\n");
    }
}
