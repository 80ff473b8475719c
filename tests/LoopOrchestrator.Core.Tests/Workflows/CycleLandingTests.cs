using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>Isolated work on its way into the workspace: under crashes, without trust, and where its tree is gone.</summary>
public sealed class CycleLandingTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private static WorkflowDefinition Isolated =>
        new("default")
        {
            Stages =
            [
                new("implementation", StageKind.Implementation)
                {
                    Steps = [new WorkflowStep("work") { Mode = "implementation-core", Isolated = true }],
                    OnFailure = new FailurePolicy(FailureAction.Stop),
                },
            ],
        };

    [Fact]
    public async Task Landing_KilledBehindItsWork_KeepsWhatItChangedAsItsOwn()
    {
        using var play = new CycleWorkspace(Isolated);
        var asked = await play.AskAsync();
        play.Test.Evidence.OnLand = () =>
        {
            play.Test.Evidence.OnLand = () => { };
            play.Test.Evidence.Changes++;
            throw new KilledException();
        };
        var killed = () => play.PlayAsync(asked.Id);
        await killed.Should().ThrowAsync<KilledException>();
        await play.Test.KillAsync();
        var cycle = await play.PlayAsync(asked.Id);

        cycle.Run.State.Should().Be(RunState.Succeeded);
        cycle
            .Items.Single(item => item.Kind == CycleItemKind.Landing)
            .Changes!.Any.Should()
            .BeTrue("a rollback has to find what it brought");
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(0, false)]
    public async Task Gate_BehindAnIsolatedStep_IsTriedOnTheTreeBeforeIt(int before, bool isMarked)
    {
        using var play = new CycleWorkspace(Isolated with { Stages = [Isolated.Stages[0] with { Gates = [new("env", ["true", "env"])] }] });
        play.Exit = name =>
            name != "env" ? 0
            : play.Started.Count(static one => one == "env") == 1 ? 1
            : before;
        var cycle = await play.RunAsync();

        cycle.Run.State.Should().Be(RunState.Failed);
        cycle.Run.Reason!.Contains("before the steps of the stage, too", StringComparison.Ordinal).Should().Be(isMarked);
        var baseline = cycle.Items.Single(static item => item.Kind == CycleItemKind.Baseline);
        (baseline.State, baseline.WorkTree)
            .Should()
            .Be((isMarked ? CycleItemState.Failed : CycleItemState.Passed, $"/tree/{cycle.Run.Id}-1-untouched"));
        cycle.Items.Single(static item => item.Kind == CycleItemKind.Gate).WorkTree.Should().Be($"/tree/{cycle.Run.Id}-1");
        play.Test.Evidence.Calls.Should()
            .ContainInOrder(
                $"isolate {cycle.Run.Id}-1",
                $"isolate {cycle.Run.Id}-1-untouched as {cycle.Run.Id}-1 was",
                $"keep left {cycle.Run.Id}-1",
                $"remove {cycle.Run.Id}-1",
                $"remove {cycle.Run.Id}-1-untouched"
            );
    }

    [Fact]
    public async Task Stage_ThatDoesNotLand_NamesWhatItsStepLeftBehind()
    {
        using var play = new CycleWorkspace(Isolated with { Stages = [Isolated.Stages[0] with { Gates = [new("env", ["true", "env"])] }] });
        play.Exit = static name => name == "env" ? 1 : 0;
        play.Test.Evidence.Left = "git ignores what was left behind: out/report.html";
        var cycle = await play.RunAsync();

        cycle.Items.Single(static item => item.Kind == CycleItemKind.Step).Marks.Should().Equal(play.Test.Evidence.Left);
        KeptLeft(play).Should().Equal($"keep left {cycle.Run.Id}-1");
    }

    [Fact]
    public async Task Landing_WithFilesThatGitIgnores_NamesWhatWasLeftBehind()
    {
        using var play = new CycleWorkspace(Isolated);
        play.Test.Evidence.Left = "git ignores what was left behind: out/report.html";
        var cycle = await play.RunAsync();

        cycle
            .Items.Single(item => item.Kind == CycleItemKind.Landing)
            .Marks.Should()
            .Equal("git ignores what was left behind: out/report.html");
        KeptLeft(play).Should().ContainSingle("it is done with the landing");
    }

    [Fact]
    public async Task IsolatedStep_Untrusted_WaitsForTrust()
    {
        using var play = new CycleWorkspace(Isolated, trusted: false, defaultAgent: "handoff");
        var cycle = await play.RunAsync();

        cycle.Run.State.Should().Be(RunState.Running, "a trusted server may take over");
        cycle.HeldReason.Should().Contain("not trusted");
        play.Test.Evidence.Calls.Should().BeEmpty("git is not asked in an untrusted folder");
    }

    [Fact]
    public async Task ServerWithoutTrust_TakesOverAtTheLanding_AndDoesNotAskGit()
    {
        using var play = new CycleWorkspace(Isolated, defaultAgent: "handoff");
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();
        var claimed = (await play.Test.Workspace.Runs.ClaimAsync(null, null, Token))!;
        await play.Test.Workspace.Runs.CompleteAsync(
            claimed.Id,
            new RunReport(RunState.Succeeded, "done", [], [], []),
            leaseToken: claimed.LeaseToken,
            cancellationToken: Token
        );
        var calls = play.Test.Evidence.Calls.Count;
        var other = play.Test.Open(trusted: false);
        await play.Test.RunPassAsync(other);
        await play.Test.RunPassAsync(other);

        play.Test.Evidence.Calls.Skip(calls).Should().BeEmpty();
        (await other.Cycles.FindAsync(asked.Id, Token))!.HeldReason.Should().Contain("not trusted");
        (await play.PlayAsync(asked.Id)).Run.State.Should().Be(RunState.Succeeded);
    }

    private static IEnumerable<string> KeptLeft(CycleWorkspace play) =>
        play.Test.Evidence.Calls.Where(static call => call.StartsWith("keep left", StringComparison.Ordinal));

    private sealed class KilledException : Exception;
}
