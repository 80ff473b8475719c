using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Timing.Reports;
using LoopOrchestrator.Core.Timing.Rows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;
using static LoopOrchestrator.Core.Tests.Workflows.CycleWorkspace;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

public sealed class CycleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cycle_EverythingPasses_GoesThroughItsStagesInOrder()
    {
        using var play = new CycleWorkspace(Five());
        var cycle = await play.RunAsync();

        (cycle.Run.State, cycle.Run.Reason).Should().Be((RunState.Succeeded, "all 5 stages of workflow 'default' passed"));
        (cycle.Run.Kind, cycle.Run.Workflow, cycle.Run.Agent).Should().Be((RunKind.Cycle, "default", null));
        play.Started.Should()
            .Equal(
                "implementation-core",
                "build",
                "pull",
                "validation-static",
                "check",
                "pull",
                "quality-functional",
                "integration-commit",
                "pull",
                "planning-priorities"
            );
        cycle.Items.Should().HaveCount(10).And.OnlyContain(item => item.State == CycleItemState.Passed);
        cycle
            .Items.Where(item => item.RunId is not null)
            .Should()
            .HaveCount(5)
            .And.OnlyContain(item => item.Before != null && item.After != null);
        var story = await play.StoryAsync(cycle.Run.Id);
        story
            .Should()
            .ContainInOrder(
                "stage 'implementation' begins",
                "gate 'build' of stage 'implementation' begins",
                "gate 'build' of stage 'implementation' passed: it ended with exit code 0",
                "stage 'implementation' is done; stage 'validation' begins",
                "the cycle ends: succeeded, all 5 stages of workflow 'default' passed"
            );
    }

    [Fact]
    public async Task Cycle_Ended_WritesItsTimeAndOneEntryIntoTheMemory()
    {
        using var play = new CycleWorkspace(Five());
        var cycle = await play.RunAsync();

        var rows = TimingLogReader.Read(play.Test.Paths).Entries;
        rows.Where(row => row.TaskId == cycle.Run.Id).Select(row => row.Kind).Should().Equal(TimingEntryKind.Start, TimingEntryKind.Close);
        rows.Select(row => row.TaskId)
            .Distinct(StringComparer.Ordinal)
            .Should()
            .BeEquivalentTo([cycle.Run.Id, .. cycle.Items.Select(item => item.RunId).OfType<string>()]);
        var memory = await play.Test.Workspace.Memory.ReadAsync(cancellationToken: Token);
        memory
            .Sections.SelectMany(section => section.Entries)
            .Should()
            .ContainSingle("the steps have no entries of their own")
            .Which.Text.Should()
            .Contain("Cycle of workflow 'default': succeeded")
            .And.Contain("implementation 0 s");
    }

    [Fact]
    public async Task FailedCheck_GoesBackWithItsOutput_AndPassesTheSecondTime()
    {
        using var play = new CycleWorkspace(Five());
        var checks = 0;
        play.Exit = name => name == "check" && ++checks == 1 ? 3 : 0;
        play.Output = name => name == "check" ? "Expected 4 but was 5" : "";
        var cycle = await play.RunAsync();

        cycle.Run.State.Should().Be(RunState.Succeeded);
        cycle.Reworks.Should().Be(1);
        play.Started.Take(8)
            .Should()
            .Equal("implementation-core", "build", "pull", "validation-static", "check", "implementation-core", "build", "pull");
        var second = cycle.Items.Where(item => item.Mode == "implementation-core").ElementAt(1);
        var brief = play.Test.Workspace.Runs.Brief(
            await play.Test.Workspace.Runs.GetAsync(second.RunId!, TestContext.Current.CancellationToken)
        )!;
        brief
            .Should()
            .Contain("## The failure that sent the work back here")
            .And.Contain("gate 'check' of stage 'validation' failed")
            .And.Contain("Expected 4 but was 5")
            .And.Contain("rework 1 of 2");
        play.Test.Workspace.Runs.Brief(
                await play.Test.Workspace.Runs.GetAsync(cycle.Items[0].RunId!, TestContext.Current.CancellationToken)
            )!
            .Should()
            .NotContain("sent the work back");
        (await play.StoryAsync(cycle.Run.Id))
            .Should()
            .Contain(
                "rework 1 of 2: gate 'check' of stage 'validation' failed (it ended with exit code 3 and 0 was expected); "
                    + "back to stage 'implementation'"
            );
    }

    [Fact]
    public async Task TooManyReworks_Escalate_AndTheScheduleIsPaused()
    {
        using var play = new CycleWorkspace(Five());
        play.Exit = name => name == "quality-functional" ? 1 : 0;
        play.Output = name => name == "quality-functional" ? "not good enough" : "";
        play.Test.WriteSchedules(TestWorkspace.Every(10, more: "\"workflow\":\"default\""));
        await play.Test.RunPassAsync();
        var cycle = await play.PlayAsync((await play.Test.Workspace.Cycles.ListAsync(new RunFilter(), Token)).Single().Run.Id);

        cycle.Run.State.Should().Be(RunState.Failed);
        cycle.Reworks.Should().Be(2);
        play.Started.Count(name => name == "implementation-core").Should().Be(3);
        var escalation = (await play.Test.Workspace.Escalations.ListAsync(all: false, 10, Token)).Should().ContainSingle().Which;
        escalation.ScheduleId.Should().Be("s");
        (await play.Test.Workspace.Status.SchedulesAsync(Token)).Single().Paused.Should().Contain("escalation");
        await play.Test.RunPassAsync();
        (await play.Test.Workspace.Memory.ReadAsync(cancellationToken: Token))
            .Sections.SelectMany(section => section.Entries)
            .Select(entry => entry.Text)
            .Should()
            .Contain(text =>
                text.Contains("Command Failure", StringComparison.Ordinal)
                && text.Contains("quality-functional", StringComparison.Ordinal)
                && text.Contains("not good enough", StringComparison.Ordinal)
            );
    }

    [Theory]
    [InlineData(FailureAction.Stop, RunState.Failed, 1, false)]
    [InlineData(FailureAction.Escalate, RunState.Failed, 1, true)]
    [InlineData(FailureAction.Continue, RunState.Succeeded, 1, false)]
    [InlineData(FailureAction.Retry, RunState.Failed, 3, false)]
    public async Task Failure_OfAStep_DoesWhatItsStageSays(FailureAction action, RunState expected, int begun, bool escalates)
    {
        using var play = new CycleWorkspace(
            Five(workflow =>
                workflow with
                {
                    Stages =
                    [
                        .. workflow.Stages.Select(stage =>
                            stage.Kind == StageKind.Quality ? stage with { OnFailure = new FailurePolicy(action, MaxRetries: 2) } : stage
                        ),
                    ],
                }
            )
        );
        play.Exit = name => name == "quality-functional" ? 1 : 0;
        var cycle = await play.RunAsync();

        cycle.Run.State.Should().Be(expected);
        play.Started.Count(name => name == "quality-functional").Should().Be(begun);
        (await play.Test.Workspace.Escalations.ListAsync(all: false, 10, Token)).Should().HaveCount(escalates ? 1 : 0);
        if (action == FailureAction.Continue)
        {
            cycle.Run.Reason.Should().Contain("failed and gone on with: step 'quality-functional-0' of stage 'quality'");
        }
    }

    [Fact]
    public async Task Sync_FailedInAStageThatGoesOnAfterFailures_IsNotPassed()
    {
        using var play = new CycleWorkspace(
            Five(workflow =>
                workflow with
                {
                    Stages = [.. workflow.Stages.Select(stage => stage with { OnFailure = new FailurePolicy(FailureAction.Continue) })],
                }
            )
        );
        play.Exit = name => name == "pull" ? 1 : 0;
        var cycle = await play.RunAsync();

        cycle
            .Run.Should()
            .Match<Run>(run =>
                run.State == RunState.Failed && run.Reason!.StartsWith("sync command 'pull' at stage 'implementation' failed")
            );
        play.Started.Should().Equal("implementation-core", "build", "pull");
    }

    [Fact]
    public async Task ParallelSteps_AreBegunTogether_AndAllAreWaitedFor()
    {
        using var play = new CycleWorkspace(
            Five(workflow =>
                workflow with
                {
                    Stages =
                    [
                        StageOf(StageKind.Validation, new FailurePolicy(FailureAction.Stop), "validation-static", "validation-unit") with
                        {
                            Parallel = true,
                        },
                        workflow.Stages[^1],
                    ],
                }
            )
        );
        play.Exit = name => name == "validation-static" ? null : 1;
        var asked = await play.AskAsync();
        var cycle = await play.PlayAsync(asked.Id);

        play.Started.Should().BeEquivalentTo("validation-static", "validation-unit");
        cycle.Run.State.Should().Be(RunState.Running, "the first one goes on");
        play.Test.Supervisors.End(cycle.Items[0].RunId!);
        (await play.PlayAsync(asked.Id))
            .Run.Should()
            .Match<Run>(run => run.State == RunState.Failed && run.Reason!.Contains("validation-unit"));
    }

    [Theory]
    [InlineData("implementation-core")]
    [InlineData("build")]
    public async Task Failure_Forgiven_DoesNotPassTheSyncPointUnsynced(string failing)
    {
        using var play = new CycleWorkspace(
            Five(workflow =>
                workflow with
                {
                    Stages = [.. workflow.Stages.Select(stage => stage with { OnFailure = new FailurePolicy(FailureAction.Continue) })],
                }
            )
        );
        play.Exit = name => name == failing || name == "pull" ? 1 : 0;
        var cycle = await play.RunAsync();

        cycle
            .Run.Should()
            .Match<Run>(run =>
                run.State == RunState.Failed && run.Reason!.StartsWith("sync command 'pull' at stage 'implementation' failed")
            );
        play.Started.Should().NotContain("validation-static");
    }
}
