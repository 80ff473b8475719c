using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;
using static LoopOrchestrator.Core.Tests.Workflows.CycleWorkspace;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>What keeps a cycle from going on, and what ends it from outside.</summary>
public sealed class CycleHoldTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task PausedSchedule_BeginsNoFurtherStep_AndTheTimeLimitStandsStill()
    {
        using var play = new CycleWorkspace(Five());
        var cycle = await PauseDuringItsFirstStepAsync(play, ",\"timeoutSeconds\":600");
        play.Exit = static _ => 0;
        await play.Test.RunPassAsync();
        await play.Test.PassAfterAsync(TimeSpan.FromHours(5));

        var held = (await play.Test.Workspace.Cycles.FindAsync(cycle.Run.Id, Token))!;
        held.HeldReason.Should().Be("its schedule is paused (by hand)");
        play.Started.Should().Equal("implementation-core");
        await play.Test.Workspace.Schedules.ResumeAsync("s", Token);
        (await play.PlayAsync(cycle.Run.Id))
            .Run.State.Should()
            .Be(RunState.Succeeded, "five hours of pause are no part of its ten minutes");
        (await play.StoryAsync(cycle.Run.Id)).Should().ContainInOrder("held: its schedule is paused (by hand)", "it goes on");
    }

    [Fact]
    public async Task Question_OfAStep_HoldsTheCycleUntilItIsAnswered()
    {
        using var play = new CycleWorkspace(Five(), defaultAgent: "handoff");
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();
        var claimed = (await play.Test.Workspace.Runs.ClaimAsync(null, null, Token))!;
        await play.Test.Workspace.Runs.CompleteAsync(
            claimed.Id,
            new RunReport(RunState.NeedsInput, "which one?", [], [], ["Red or blue?"]),
            leaseToken: claimed.LeaseToken,
            cancellationToken: Token
        );
        await play.Test.RunPassAsync();
        await play.Test.PassAfterAsync(TimeSpan.FromDays(2));

        var cycle = (await play.Test.Workspace.Cycles.FindAsync(asked.Id, Token))!;
        cycle.HeldReason.Should().Contain(claimed.Id);
        cycle.Run.State.Should().Be(RunState.Running);
        await play.Test.Workspace.Runs.AnswerAsync(claimed.Id, ["blue"], Token);
        await play.Test.RunPassAsync();
        var again = (await play.Test.Workspace.Runs.ClaimAsync(null, null, Token))!;
        again.Id.Should().Be(claimed.Id);
        play.Test.Workspace.Runs.Brief(again).Should().Contain("Answer: blue");
        (await play.Test.Workspace.Cycles.FindAsync(asked.Id, Token))!.HeldReason.Should().BeNull();
    }

    [Fact]
    public async Task Question_OfACycleThatEnded_IsNotAnsweredAnyMore()
    {
        using var play = new CycleWorkspace(Five(), defaultAgent: "handoff");
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();
        var claimed = (await play.Test.Workspace.Runs.ClaimAsync(null, null, Token))!;
        await play.Test.Workspace.Runs.CompleteAsync(
            claimed.Id,
            new RunReport(RunState.NeedsInput, "which one?", [], [], ["Red or blue?"]),
            leaseToken: claimed.LeaseToken,
            cancellationToken: Token
        );
        await play.Test.RunPassAsync();
        await play.Test.Workspace.Runs.CancelAsync(asked.Id, "enough", Token);
        (await play.PlayAsync(asked.Id)).Run.State.Should().Be(RunState.Cancelled);

        var answer = () => play.Test.Workspace.Runs.AnswerAsync(claimed.Id, ["blue"], Token);
        (await answer.Should().ThrowAsync<UserErrorException>()).WithMessage($"*a step of cycle {asked.Id}, which has ended*");
        (await play.Test.Workspace.Status.ReadAsync(Token)).NeedInput.Should().BeEmpty("nobody has to answer it any more");
    }

    [Fact]
    public async Task Limit_Reached_HoldsUntilThereIsRoom()
    {
        using var play = new CycleWorkspace(Five(), new RunLimits { MaxAttempts = 1, RunsPerHour = 3 });
        var asked = await play.AskAsync();
        var cycle = await play.PlayAsync(asked.Id);
        cycle.HeldReason.Should().Contain("limits.runsPerHour");
        cycle.Run.State.Should().Be(RunState.Running);
        await play.Test.PassAfterAsync(TimeSpan.FromMinutes(61));
        await play.PlayAsync(asked.Id);
        await play.Test.PassAfterAsync(TimeSpan.FromMinutes(61));

        (await play.PlayAsync(asked.Id)).Run.State.Should().Be(RunState.Succeeded);
    }

    [Fact]
    public async Task Queue_FullOfOthers_DoesNotHoldACycleThatGoesOn()
    {
        using var play = new CycleWorkspace(
            Five(),
            new RunLimits
            {
                MaxAttempts = 1,
                RunsPerHour = 1000,
                QueueLength = 2,
            }
        );
        play.Exit = static _ => null;
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();
        await play.Test.RunPassAsync();
        foreach (var task in (string[])["one", "two"])
        {
            // As hand-offs of schedules wait: nobody has them in hand.
            var waits = new Run
            {
                Id = RunId.Create(play.Test.Now, Random.Shared),
                Mode = "code",
                Task = task,
                Agent = "handoff",
                AgentKind = AgentKind.Handoff,
                Priority = RunPriority.Normal,
                State = RunState.Queued,
                TimeoutSeconds = 60,
                CreatedAt = play.Test.Now,
            };
            await new SqliteRunStore(play.Test.Workspace.Database).AddAsync(waits, "it waits", Token);
        }

        play.Exit = static _ => 0;
        play.Test.Supervisors.End((await play.Test.Workspace.Cycles.FindAsync(asked.Id, Token))!.Items[0].RunId!);

        (await play.PlayAsync(asked.Id)).Run.State.Should().Be(RunState.Succeeded);
        await play.Invoking(static play => play.AskAsync("something else"))
            .Should()
            .ThrowAsync<UserErrorException>("what is asked for anew waits behind them")
            .WithMessage("*limits.queueLength*");
    }

    [Fact]
    public async Task PausedSchedule_Removed_SaysWhatToDoWithItsCycle()
    {
        using var play = new CycleWorkspace(Five());
        var cycle = await PauseDuringItsFirstStepAsync(play);
        await play.Test.RunPassAsync();
        (await play.Test.Workspace.Cycles.FindAsync(cycle.Run.Id, Token))!.HeldReason.Should().NotBeNull();
        await play.Test.Workspace.Schedules.DeleteAsync("s", Token);

        (await play.PlayAsync(cycle.Run.Id))
            .HeldReason.Should()
            .Be("its schedule is paused (by hand); the schedule is not in force any more: put it back to resume it, or cancel the cycle");
        await play.Test.Workspace.Runs.CancelAsync(cycle.Run.Id, "its schedule is gone", Token);
        (await play.PlayAsync(cycle.Run.Id)).Run.State.Should().Be(RunState.Cancelled);
        play.Started.Should().Equal("implementation-core");
    }

    [Fact]
    public async Task Untrusted_StepsAreHandedOff_AndGatesWait()
    {
        using var play = new CycleWorkspace(Five(), trusted: false, defaultAgent: "handoff");
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();
        var claimed = (await play.Test.Workspace.Runs.ClaimAsync(null, null, Token))!;
        await play.Test.Workspace.Runs.CompleteAsync(
            claimed.Id,
            new RunReport(RunState.Succeeded, "done", [], [], []),
            leaseToken: claimed.LeaseToken,
            cancellationToken: Token
        );
        var cycle = await play.PlayAsync(asked.Id);

        cycle.HeldReason.Should().Contain("not trusted");
        play.Started.Should().BeEmpty();
        play.Test.Evidence.Calls.Should().BeEmpty("git is not asked in an untrusted folder");
        cycle.Items.Should().ContainSingle().Which.Marks.Should().ContainSingle().Which.Should().Contain("not trusted");
    }

    [Fact]
    public async Task Cancel_EndsWhatGoesOn_BeforeTheCycleEnds()
    {
        using var play = new CycleWorkspace(Five());
        play.Exit = static _ => null;
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();
        await play.Test.RunPassAsync();
        await play.Test.Workspace.Runs.CancelAsync(asked.Id, "enough", Token);
        var cycle = await play.PlayAsync(asked.Id);
        cycle.Run.State.Should().Be(RunState.Running, "its step lives");
        var step = cycle.Items.Single();
        (await play.Test.Workspace.Runs.GetAsync(step.RunId!, Token)).CancelReason.Should().NotBeNull();
        play.Test.Supervisors.End(
            step.RunId!,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Cancelled,
                Reason = "cancelled",
                EndedAt = play.Test.Now,
            }
        );

        cycle = await play.PlayAsync(asked.Id);
        cycle.Run.Should().Match<Run>(run => run.State == RunState.Cancelled && run.Reason == "enough");
        cycle.Items.Single().State.Should().Be(CycleItemState.Cancelled);
        play.Started.Should().Equal("implementation-core");
    }

    [Fact]
    public async Task Deadline_EndsTheCycleAsTimedOut_WithItsGate()
    {
        using var play = new CycleWorkspace(Five(static workflow => workflow with { TimeoutSeconds = 60 }));
        play.Exit = static name => name == "build" ? null : 0;
        var asked = await play.AskAsync();
        await play.PlayAsync(asked.Id);
        await play.Test.PassAfterAsync(TimeSpan.FromSeconds(61));
        var cycle = await play.PlayAsync(asked.Id);
        cycle.Run.Should().Match<Run>(run => run.State == RunState.TimedOut && run.Reason!.Contains("60 s"));
        cycle.Items.Should().OnlyContain(item => item.IsOver);
    }

    [Theory]
    [InlineData(EvidenceAction.Mark, RunState.Succeeded)]
    [InlineData(EvidenceAction.Fail, RunState.Failed)]
    public async Task Implementation_ChangesNothing_IsMarkedOrFails(EvidenceAction action, RunState expected)
    {
        using var play = new CycleWorkspace(Five(workflow => workflow with { IfUnchanged = action, MaxReworks = 0 }));
        var cycle = await play.RunAsync();

        cycle.Run.State.Should().Be(expected);
        cycle.Items[0].Marks.Should().ContainSingle().Which.Should().Contain("changed nothing");
        cycle.HasEffect.Should().BeFalse();
    }

    [Theory]
    [InlineData(EvidenceAction.Mark, RunState.Succeeded)]
    [InlineData(EvidenceAction.Fail, RunState.Failed)]
    public async Task Check_ChangesSomething_IsMarkedOrFails(EvidenceAction action, RunState expected)
    {
        using var play = new CycleWorkspace(Five(workflow => workflow with { IfCheckChanges = action, MaxReworks = 0 }));
        play.Exit = name =>
        {
            play.Test.Evidence.Changes += name is "implementation-core" or "validation-static" ? 1 : 0;
            return 0;
        };
        var cycle = await play.RunAsync();

        cycle.Run.State.Should().Be(expected);
        cycle
            .Items.Single(item => item.Mode == "validation-static")
            .Marks.Should()
            .ContainSingle()
            .Which.Should()
            .Contain("only to check and changed 1 file(s)");
        cycle.HasEffect.Should().BeTrue();
    }

    [Fact]
    public async Task ThreeCyclesWithoutEffect_EscalateAsNoProgress_AndAnEffectBeginsAnew()
    {
        using var play = new CycleWorkspace(Five());
        play.Exit = name =>
        {
            play.Test.Evidence.Changes += name == "implementation-core" && play.Started.Count(started => started == name) == 3 ? 1 : 0;
            return 0;
        };
        var states = new List<RunState>();
        for (var cycle = 0; cycle < 6; cycle++)
        {
            states.Add((await play.RunAsync()).Run.State);
            play.Test.Time.Advance(TimeSpan.FromMinutes(1));
        }

        states
            .Should()
            .Equal(RunState.Succeeded, RunState.Succeeded, RunState.Succeeded, RunState.Succeeded, RunState.Succeeded, RunState.Failed);
        (await play.Test.Workspace.Escalations.ListAsync(all: false, 10, Token))
            .Should()
            .ContainSingle()
            .Which.Reason.Should()
            .Contain("no progress: 3 cycle(s) in a row changed nothing");
    }

    [Fact]
    public async Task IsolatedStep_WorksInItsTree_AndLandsBehindItsGates()
    {
        using var play = new CycleWorkspace(
            Five(static workflow =>
                workflow with
                {
                    Stages =
                    [
                        .. workflow.Stages.Select(static stage =>
                            stage.Kind == StageKind.Implementation
                                ? stage with
                                {
                                    Steps = [stage.Steps[0] with { Isolated = true }],
                                }
                                : stage
                        ),
                    ],
                }
            )
        );
        var checks = 0;
        play.Exit = name => name == "build" && ++checks == 1 ? 1 : 0;
        var cycle = await play.RunAsync();

        cycle.Run.State.Should().Be(RunState.Succeeded);
        play.Test.Supervisors.Orders.Where(order => order.WorkingFolder.StartsWith("/tree/", StringComparison.Ordinal))
            .Select(order => order.WorkingFolder)
            .Should()
            .Equal(
                $"/tree/{cycle.Run.Id}-1",
                $"/tree/{cycle.Run.Id}-1",
                $"/tree/{cycle.Run.Id}-1-untouched",
                $"/tree/{cycle.Run.Id}-2",
                $"/tree/{cycle.Run.Id}-2"
            );
        play.Test.Evidence.Calls.Where(call =>
                call.Contains("isolate", StringComparison.Ordinal)
                || call.Contains("land", StringComparison.Ordinal)
                || call.Contains("remove", StringComparison.Ordinal)
            )
            .Should()
            .StartWith(
                [
                    $"isolate {cycle.Run.Id}-1",
                    $"isolate {cycle.Run.Id}-1-untouched as {cycle.Run.Id}-1 was",
                    $"remove {cycle.Run.Id}-1",
                    $"remove {cycle.Run.Id}-1-untouched",
                    $"isolate {cycle.Run.Id}-2",
                    $"land {cycle.Run.Id}-2",
                ],
                "the first pass never came into the workspace"
            );
        cycle.Items.Should().ContainSingle(item => item.Kind == CycleItemKind.Landing).Which.State.Should().Be(CycleItemState.Passed);
    }

    [Fact]
    public async Task FollowUps_AtTheEnd_BecomeItemsOfThePlan()
    {
        using var play = new CycleWorkspace(
            Five(static workflow => workflow with { Stages = [workflow.Stages[0] with { Gates = [] }], Sync = [] }),
            defaultAgent: "handoff"
        );
        File.WriteAllText(play.Test.Paths.Todo, "# Plan\n\n- [ ] something else\n");
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();
        var claimed = (await play.Test.Workspace.Runs.ClaimAsync(null, null, Token))!;
        await play.Test.Workspace.Runs.CompleteAsync(
            claimed.Id,
            new RunReport(RunState.Succeeded, "done", ["a finding"], ["look at the cache"], []),
            leaseToken: claimed.LeaseToken,
            cancellationToken: Token
        );
        File.ReadAllText(play.Test.Paths.Todo).Should().NotContain("cache", "the cycle goes on");
        await play.PlayAsync(asked.Id);

        File.ReadAllText(play.Test.Paths.Todo)
            .Should()
            .StartWith("# Plan\n\n- [ ] something else\n")
            .And.MatchRegex(@"## Follow-ups of cycles\s+- \[ \] look at the cache");
        (await play.Test.Workspace.Memory.ReadAsync(cancellationToken: Token))
            .Sections.SelectMany(section => section.Entries)
            .Should()
            .HaveCount(2, "the finding and the cycle");
    }

    [Fact]
    public async Task UnknownMode_NoCycleBegins_AndTheReasonNamesTheNearest()
    {
        using var play = new CycleWorkspace(
            new WorkflowDefinition("default")
            {
                Stages =
                [
                    StageOf(StageKind.Implementation, new FailurePolicy(FailureAction.Rework, "implementation"), "implementation-cor"),
                ],
            }
        );
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();

        (await play.Test.Workspace.Runs.GetAsync(asked.Id, Token))
            .Should()
            .Match<Run>(run => run.State == RunState.Failed && run.StartedAt == null && run.Reason!.Contains("implementation-core"));
        (await play.Test.Workspace.Cycles.ListAsync(new RunFilter(), Token)).Should().BeEmpty();
    }

    /// <summary>A cycle of schedule <c>s</c> whose first step ends while the schedule is paused.</summary>
    [Fact]
    public async Task Step_HeldBesideAnother_HasTheTimeThatItsCycleHasLeft()
    {
        using var play = new CycleWorkspace(
            new WorkflowDefinition("default")
            {
                TimeoutSeconds = 600,
                Stages =
                [
                    StageOf(StageKind.Validation, new FailurePolicy(FailureAction.Stop), "validation-static", "validation-unit") with
                    {
                        Parallel = true,
                    },
                ],
            },
            new RunLimits { MaxAttempts = 1, RunsPerHour = 2 }
        );
        var asked = await play.AskAsync();
        (await play.PlayAsync(asked.Id)).HeldReason.Should().Contain("limits.runsPerHour");
        await play.Test.PassAfterAsync(TimeSpan.FromMinutes(61));
        var cycle = await play.PlayAsync(asked.Id);

        cycle.Run.State.Should().Be(RunState.Succeeded);
        (await play.Test.Workspace.Runs.GetAsync(cycle.Items[1].RunId!, Token))
            .TimeoutSeconds.Should()
            .Be(600, "the hour in which nothing could be begun is no part of its cycle's time");
    }

    private static async Task<Cycle> PauseDuringItsFirstStepAsync(CycleWorkspace play, string more = "")
    {
        play.Exit = static _ => null;
        play.Test.WriteSchedules(TestWorkspace.Every(60, more: "\"workflow\":\"default\"" + more));
        await play.Test.RunPassAsync();
        await play.Test.RunPassAsync();
        var cycle = (await play.Test.Workspace.Cycles.ListAsync(new RunFilter(), Token)).Single();
        await play.Test.Workspace.Schedules.PauseAsync("s", "by hand", Token);
        play.Test.Supervisors.End(cycle.Items[0].RunId!);
        return cycle;
    }
}
