using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Tests.Checkpoints;
using LoopOrchestrator.Core.Tests.Git;
using static LoopOrchestrator.Core.Tests.Workflows.CycleWorkspace;

namespace LoopOrchestrator.Core.Tests.Workflows;

public sealed class CycleRollbackTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Rollback_StepOrWholeCycle_SparesWhatAPersonChangedBetweenItsSteps()
    {
        using var play = await PlayAsync();
        var cycle = (await play.Test.Workspace.Cycles.ListAsync(new RunFilter(), Token)).Single();
        var rollback = play.Test.Workspace.Cycles.Rollback;

        var step = await rollback.PlanAsync(cycle.Items[0].RunId!, Token);
        step.Items.Select(static item => $"{item.Action} {item.Path}")
            .Should()
            .Equal("Remove made-by-step", "Conflict of-both", "Restore of-step", "Left task_timing.tsv");

        var plan = await rollback.PlanAsync(cycle.Run.Id, Token);
        plan.Items.Select(static item => $"{item.Action} {item.Path}")
            .Should()
            .Equal("Remove made-by-step", "Conflict notes", "Conflict of-both", "Restore of-step", "Left task_timing.tsv");
        plan.Conflicts.Should().OnlyContain(static item => item.Reason!.Contains("between two steps", StringComparison.Ordinal));
        var refused = () => rollback.ApplyAsync(plan, cancellationToken: Token);
        (await refused.Should().ThrowAsync<UserErrorException>()).WithMessage("2 file(s)*Nothing was changed*");
        Read(play, "of-step").Should().Be("step\n");

        var result = await rollback.ApplyAsync(plan, skipConflicts: true, Token);

        result.IsVerified.Should().BeTrue();
        Read(play, "of-step").Should().Be("old\n");
        File.Exists(Path.Combine(play.Test.Paths.Root, "made-by-step")).Should().BeFalse();
        Read(play, "notes").Should().Be("person\n", "no step has touched it");
        Read(play, "of-both").Should().Be("step\nperson\n", "the person's line would be lost with the step's");
    }

    // The first step changes files; while its gate runs a person does.
    private static async Task<CycleWorkspace> PlayAsync()
    {
        var play = new CycleWorkspace(Five());
        var root = play.Test.Paths.Root;
        GitFixture.Init(root);
        Write("of-step", "old\n");
        Write("of-both", "old\n");
        Write("notes", "old\n");
        GitSandbox.GitIn(root, "add", "-A");
        GitSandbox.GitIn(root, "commit", "-q", "-m", "start");
        var store = new CheckpointStore(play.Test.Paths, play.Test.Time);
        play.Test.Evidence.OnTake = name => store.TakeAsync(name, Token);
        play.Exit = name =>
        {
            if (name == "implementation-core")
            {
                Write("of-step", "step\n");
                Write("of-both", "step\n");
                Write("made-by-step", "step\n");
            }
            else if (name == "build")
            {
                Write("notes", "person\n");
                Write("of-both", "step\nperson\n");
            }

            return 0;
        };
        (await play.RunAsync()).Run.State.Should().Be(RunState.Succeeded);
        return play;

        void Write(string name, string content) => File.WriteAllText(Path.Combine(root, name), content);
    }

    private static string Read(CycleWorkspace play, string name) => File.ReadAllText(Path.Combine(play.Test.Paths.Root, name));
}
