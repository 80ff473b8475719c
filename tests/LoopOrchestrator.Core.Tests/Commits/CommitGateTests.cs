using LoopOrchestrator.Core.Commits;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Commits;

/// <summary>What is asked before a commit, what happens meanwhile, and what comes behind it.</summary>
public sealed class CommitGateTests : IDisposable
{
    // Made up, and put together here so that this file holds none itself.
    private static readonly string Token = "ghp_" + "A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";

    private readonly TestRepository _git = new();

    public void Dispose() => _git.Dispose();

    [Fact]
    public async Task MakeAsync_PartlyStaged_IsCommittedAsTheGateSawIt()
    {
        _git.Write("a.py", "1\n2\n3\n");
        _git.Commit();
        _git.Write("a.py", "one\n2\n3\n");
        _git.Git("add", "a.py");
        _git.Write("a.py", "one\n2\nthree\n");

        var result = await _git.MakeAsync();

        _git.Show("HEAD:a.py").Should().Be("one\n2\nthree\n");
        _git.Status.Should().BeEmpty();
        result.Made.Single().Group.Body.Should().Contain("staged in part");
    }

    [Fact]
    public async Task MakeAsync_GateFailsAtTheSecond_TheFirstStaysAndTheRestIsUntouched()
    {
        _git.Write("a.py", "1\n");
        _git.Write("README.md", "1\n");
        _git.Commit();
        _git.Write("a.py", "2\n");
        _git.Write("README.md", "2\n");
        _git.Write("package.json", "{}\n");
        _git.Git("add", "README.md");
        var asked = new List<string>();

        var result = await _git.MakeAsync(gate: group =>
        {
            asked.Add(group.Subject);
            return Task.FromResult(
                asked.Count == 2 ? new GateAnswer(Passed: false, "tests ended with exit code 1", "1 of 9 failed") : GateAnswer.Pass
            );
        });

        asked.Should().Equal("build: add package.json", "chore: change a");
        result.Made.Should().ContainSingle().Which.Group.Subject.Should().Be("build: add package.json");
        result.Stopped.Should().Be("'chore: change a' was not committed: the gate did not pass: tests ended with exit code 1");
        result.Output.Should().Be("1 of 9 failed");
        _git.Subjects.Should().Equal("build: add package.json", "before");
        _git.Status.Should().BeEquivalentTo("M  README.md", " M a.py");
    }

    [Fact]
    public async Task MakeAsync_BranchMovedWhileTheGateRan_IsRefusedAndTheIndexAsBefore()
    {
        _git.Write("a.py", "1\n");
        _git.Write("b.py", "1\n");
        _git.Commit();
        _git.Write("a.py", "staged\n");
        _git.Git("add", "a.py");
        _git.Write("a.py", "2\n");
        _git.Write("new.py", "2\n");
        string[] index = [];

        var result = await _git.MakeAsync(gate: _ =>
        {
            _git.Git("commit", "-q", "--allow-empty", "--only", "-m", "somebody else's");
            index = _git.Index;
            return Task.FromResult(GateAnswer.Pass);
        });

        result.Made.Should().BeEmpty();
        result.Stopped.Should().Contain("somebody else has moved the branch");
        _git.Subjects.Should().Equal("somebody else's", "before");
        _git.Index.Should().Equal(index);
        _git.Status.Should().BeEquivalentTo("MM a.py", "?? new.py");
    }

    [Fact]
    public async Task MakeAsync_AnotherBranchCheckedOutWhileTheGateRan_IsRefused()
    {
        _git.Write("a.py", "1\n");
        _git.Commit();
        _git.Write("a.py", "2\n");

        var result = await _git.MakeAsync(gate: _ =>
        {
            _git.Git("switch", "-q", "-c", "other");
            return Task.FromResult(GateAnswer.Pass);
        });

        result.Stopped.Should().Contain("another branch was checked out");
        _git.Subjects.Should().Equal("before");
        _git.Status.Should().Equal(" M a.py");
    }

    [Fact]
    public async Task MakeAsync_GateThatChangesFiles_Stops()
    {
        _git.Write("a.py", "1\n");

        var result = await _git.MakeAsync(gate: _ =>
        {
            _git.Write("a.py", "formatted\n");
            return Task.FromResult(GateAnswer.Pass);
        });

        result.Stopped.Should().Contain("changed while the gate ran");
        _git.TryGit("rev-parse", "HEAD").ExitCode.Should().NotBe(0);
    }

    [Fact]
    public async Task MakeAsync_LiveFileWrittenWhileTheGateRuns_IsCommittedAsItWas()
    {
        _git.Write("task_timing.tsv", "1\n");

        var result = await _git.MakeAsync(gate: _ =>
        {
            _git.Write("task_timing.tsv", "1\n2\n");
            return Task.FromResult(GateAnswer.Pass);
        });

        result.Stopped.Should().BeNull();
        _git.Show("HEAD:task_timing.tsv").Should().Be("1\n");
        _git.Status.Should().Equal(" M task_timing.tsv");
    }

    [Fact]
    public async Task MakeAsync_CredentialThatComesAfterThePlan_IsSeen()
    {
        _git.Write("a.md", "1\n");
        _git.Write("b.py", "1\n");

        var result = await _git.MakeAsync(gate: _ =>
        {
            _git.Write("a.md", $"1\n{Token}\n");
            return Task.FromResult(GateAnswer.Pass);
        });

        result.Made.Should().ContainSingle();
        result.Stopped.Should().Contain("a.md was changed meanwhile").And.Contain("github-token").And.NotContain(Token);
        _git.Status.Should().Equal("?? a.md");
    }

    [Fact]
    public async Task MakeAsync_GateCommands_RunInTheWorkspace()
    {
        _git.Write("a.py");
        _git.Write("b.md");

        var result = await _git.MakeAsync(
            new CommitSettings
            {
                Gate =
                [
                    new WorkflowCommand("there", ["sh", "-c", "test -f a.py && test ! -e stop"]),
                    new WorkflowCommand(
                        "odd",
                        ["sh", "-c", "git rev-parse HEAD >/dev/null 2>&1 || exit 3; echo said; echo more >&2; exit 4"]
                    )
                    {
                        ExitCode = 3,
                    },
                ],
            }
        );

        result.Made.Should().ContainSingle();
        result.Stopped.Should().EndWith("odd ended with exit code 4 instead of 3");
        result.Output.Should().Contain("said").And.Contain("more");
    }

    [Fact]
    public async Task MakeAsync_GateThatHangs_IsEnded()
    {
        _git.Write("a.py");

        var result = await _git.MakeAsync(
            new CommitSettings { Gate = [new WorkflowCommand("slow", ["sh", "-c", "echo begun; sleep 1000"]) { TimeoutSeconds = 1 }] }
        );

        result.Stopped.Should().Contain("slow did not end within 1 s");
        result.Output.Should().Be("begun");
        _git.TryGit("rev-parse", "HEAD").ExitCode.Should().NotBe(0);
    }

    [Fact]
    public async Task MakeAsync_GateProgramMissing_Stops()
    {
        _git.Write("a.py");

        (await _git.MakeAsync(new CommitSettings { Gate = [new WorkflowCommand("none", ["no-such-program-here"])] }))
            .Stopped.Should()
            .Contain("'no-such-program-here' was not found");
    }

    [Fact]
    public async Task MakeAsync_Push_GoesToTheUpstreamOnlyWhenConfigured()
    {
        using var other = new TestRepository();
        other.Git("init", "-q", "--bare", "hub.git");
        _git.Write("a.py", "1\n");
        _git.Commit();
        _git.Git("remote", "add", "hub", Path.Combine(other.Root, "hub.git"));
        _git.Write("a.py", "2\n");
        (await _git.MakeAsync(new CommitSettings { Push = true })).PushFailure.Should().Contain("no upstream");
        _git.Git("push", "-q", "--set-upstream", "hub", "main:trunk");
        var pushed = _git.Head;
        _git.Write("a.py", "3\n");

        (await _git.MakeAsync()).Pushed.Should().BeNull();
        other.Git("-C", "hub.git", "rev-parse", "trunk").Trim().Should().Be(pushed);

        _git.Write("a.py", "4\n");
        (await _git.MakeAsync(new CommitSettings { Push = true })).Pushed.Should().Be("hub trunk");
        other.Git("-C", "hub.git", "rev-parse", "trunk").Trim().Should().Be(_git.Head);

        _git.Git("remote", "set-url", "hub", Path.Combine(other.Root, "gone.git"));
        _git.Write("a.py", "5\n");
        var failed = await _git.MakeAsync(new CommitSettings { Push = true });
        failed.PushFailure.Should().Contain("exit code 128");
        failed.Made.Should().ContainSingle();
    }

    [Fact]
    public async Task MakeAsync_Hooks_AreNotRun()
    {
        _git.Git("config", "--unset", "core.hooksPath");
        var hook = _git.Write(".git/hooks/pre-commit", "#!/bin/sh\ntouch ran\nexit 1\n");
        TestRepository.MakeExecutable(hook);
        _git.Write("a.py");

        (await _git.MakeAsync()).Made.Should().ContainSingle();
        File.Exists(Path.Combine(_git.Root, "ran")).Should().BeFalse();
    }

    [Fact]
    public async Task MakeAsync_IndexOfAnotherProgramAtWork_IsWaitedFor()
    {
        _git.Write("a.py");
        _git.Write("b.md");
        var indexLock = Path.Combine(_git.Root, ".git", "index.lock");
        var time = new LockHolder(indexLock) { Waits = 3 };
        var gate = (CommitGroup _, CancellationToken _) =>
        {
            File.WriteAllText(indexLock, "");
            return Task.FromResult(GateAnswer.Pass);
        };

        var result = await _git.Service(time: time)
            .MakeAsync(new CommitRequest(), gate, commit => time.Waits = int.MaxValue, TestContext.Current.CancellationToken);

        result.Made.Should().ContainSingle("the second commit's lock is never given back");
        result.Stopped.Should().Contain("index.lock");
        _git.Subjects.Should().Equal("feat: add a");
    }

    // A program that holds the lock of the index for so many pauses of whoever waits for it. Pauses are over at once.
    private sealed class LockHolder(string file) : TimeProvider
    {
        public int Waits { get; set; }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            if (dueTime >= TimeSpan.FromSeconds(1))
            {
                return base.CreateTimer(callback, state, dueTime, period);
            }

            if (--Waits == 0)
            {
                File.Delete(file);
            }

            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
