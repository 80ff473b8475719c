using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;
using static LoopOrchestrator.Core.Tests.Workflows.CycleWorkspace;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>Cycles where several things come together: a limit and steps side by side, a failure that is forgiven and a sync point.</summary>
public sealed class CycleTroubleTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task StepThatWasHeldBesideAnother_HasTheTimeThatItsCycleHasLeft()
    {
        using var play = new CycleWorkspace(
            new WorkflowDefinition("default")
            {
                TimeoutSeconds = 600,
                Stages = [StageOf(StageKind.Validation, new FailurePolicy(FailureAction.Stop), "validation-static", "validation-unit") with { Parallel = true }],
            },
            new RunLimits { MaxAttempts = 1, RunsPerHour = 2 });
        var asked = await play.AskAsync();
        (await play.PlayAsync(asked.Id)).HeldReason.Should().Contain("limits.runsPerHour");
        await play.Test.LookAfterAsync(TimeSpan.FromMinutes(61));
        var cycle = await play.PlayAsync(asked.Id);

        cycle.Run.State.Should().Be(RunState.Succeeded);
        (await play.Test.Workspace.Runs.GetAsync(cycle.Items[1].RunId!, Token)).TimeoutSeconds.Should().Be(600, "the hour in which nothing could be begun is no part of its cycle's time");
    }

    [Fact]
    public async Task Gate_CouldNotBeStartedForWantOfProcesses_IsDoneAgain()
    {
        using var play = new CycleWorkspace(Five());
        play.Exit = static name => name == "build" ? null : 0;
        var asked = await play.AskAsync();
        var gate = (await play.PlayAsync(asked.Id)).Items[^1];
        play.Exit = static _ => 0;
        play.Test.Supervisors.End(gate.Folder!, TestAgents.Outcome(SupervisorEnd.Shortage));
        var cycle = await play.PlayAsync(asked.Id);

        cycle.Run.State.Should().Be(RunState.Succeeded);
        cycle.Items.Single(item => item.Number == gate.Number).State.Should().Be(CycleItemState.Interrupted);
        play.Started.Where(static name => name == "build").Should().HaveCount(2);
    }

    [Fact]
    public async Task Gate_WhoseServerDiedBeforeItsSupervisorCameUp_IsStartedInAPlaceOfItsOwn()
    {
        using var play = new CycleWorkspace(Five());
        play.Exit = static name => name == "build" ? null : 0;
        var asked = await play.AskAsync();
        var gate = (await play.PlayAsync(asked.Id)).Items[^1];
        var folder = new RunFolder(Path.Combine(play.Test.Paths.Run(asked.Id), CycleCommands.Folder, gate.Folder!));
        folder.Write(folder.ReadOrder()! with { OrderedBy = FakeSupervisors.Dead.ToString() });
        play.Exit = static _ => 0;
        var cycle = await play.PlayAsync(asked.Id);

        cycle.Run.State.Should().Be(RunState.Succeeded);
        cycle.Items.Should().OnlyContain(static item => item.State == CycleItemState.Passed, "nothing was done in vain");
        play.Started.Where(static name => name == "build").Should().HaveCount(2, "the first one never began");
        cycle.Items.Single(item => item.Number == gate.Number).Should().Match<CycleItem>(item => item.Folder != gate.Folder && item.SecretHash != gate.SecretHash, "the secret died with its server");
    }

    [Theory]
    [InlineData("implementation-core")]
    [InlineData("build")]
    public async Task ForgivenFailure_DoesNotPassTheSyncPointUnsynced(string failing)
    {
        using var play = new CycleWorkspace(Five(workflow => workflow with
        {
            Stages = [.. workflow.Stages.Select(stage => stage with { OnFailure = new FailurePolicy(FailureAction.Continue) })],
        }));
        play.Exit = name => name == failing || name == "pull" ? 1 : 0;
        var cycle = await play.RunAsync();

        cycle.Run.Should().Match<Run>(run => run.State == RunState.Failed && run.Reason!.StartsWith("sync command 'pull' at stage 'implementation' failed"));
        play.Started.Should().NotContain("validation-static");
    }

    [Fact]
    public async Task Cost_OfASchedulesSteps_CountsOnceAndAtOnce()
    {
        using var play = new CycleWorkspace(Five(), new RunLimits { MaxAttempts = 1, Budget = new RunBudget { CostPerSchedulePerDayUsd = 5 } });
        play.Exit = static name => name.Contains('-', StringComparison.Ordinal) ? null : 0;
        play.Test.WriteSchedules(TestWorkspace.Every(600, more: "\"workflow\":\"default\""));
        await play.Test.LookAsync();
        await play.Test.LookAsync();
        var cycle = (await play.Test.Workspace.Cycles.ListAsync(new RunFilter(), Token)).Single();
        EndStep(play, cycle, 6);
        await play.PlayAsync(cycle.Run.Id);

        (await play.Test.Workspace.Cycles.FindAsync(cycle.Run.Id, Token))!.HeldReason.Should().Contain("its runs of the day cost 6 USD");
        play.Started.Should().NotContain("validation-static");
    }

    [Fact]
    public async Task Cost_OfSteps_IsNotCountedASecondTimeWithTheirCycle()
    {
        using var play = new CycleWorkspace(Five(static workflow => workflow with { Stages = [workflow.Stages[0]] }), new RunLimits { MaxAttempts = 1, Budget = new RunBudget { CostPerDayUsd = 10 } });
        play.Exit = static name => name == "implementation-core" ? null : 0;
        var asked = await play.AskAsync();
        await play.PlayAsync(asked.Id);
        EndStep(play, (await play.Test.Workspace.Cycles.FindAsync(asked.Id, Token))!, 6);
        var cycle = await play.PlayAsync(asked.Id);

        cycle.Run.Should().Match<Run>(run => run.State == RunState.Succeeded && run.CostUsd == 6);
        await play.Invoking(static play => play.AskAsync("something else")).Should().NotThrowAsync("6 of 10 USD are spent");
    }

    [Fact]
    public async Task Cost_OfWhatAStepAsksFor_CountsForItsSchedule()
    {
        using var play = new CycleWorkspace(Five(), new RunLimits { MaxAttempts = 1, Budget = new RunBudget { CostPerSchedulePerDayUsd = 5 } });
        play.Exit = static name => name.Contains('-', StringComparison.Ordinal) || name == "code" ? null : 0;
        play.Test.WriteSchedules(TestWorkspace.Every(600, more: "\"workflow\":\"default\""));
        await play.Test.LookAsync();
        await play.Test.LookAsync();
        var cycle = (await play.Test.Workspace.Cycles.ListAsync(new RunFilter(), Token)).Single();
        var below = await play.Test.Workspace.Runs.RequestAsync(new RunRequest("code", "a part of it") { ParentRunId = cycle.Items[0].RunId }, Token);
        await play.Test.LookAsync();
        play.Test.Supervisors.End(below.Id, new SupervisorOutcome { End = SupervisorEnd.Exited, Reason = "done", EndedAt = play.Test.Now, ExitCode = 0, Account = new AgentAccount { CostUsd = 6 } });
        await play.Test.LookAsync();
        EndStep(play, cycle, 0);
        await play.PlayAsync(cycle.Run.Id);

        (await play.Test.Workspace.Cycles.FindAsync(cycle.Run.Id, Token))!.HeldReason.Should().Contain("its runs of the day cost 6 USD");
    }

    [Fact]
    public async Task Memory_TakesTheEntryOfACycleWhateverScriptItsWordsAreIn()
    {
        using var play = new CycleWorkspace(Five(static workflow => workflow with
        {
            MaxReworks = 0,
            Stages = [workflow.Stages[0], workflow.Stages[1] with { Gates = [new(new string('界', 800), ["true", "check"])] }],
        }));
        play.Exit = static name => name == "check" ? 1 : 0;
        play.Output = static _ => new string('界', 5000);
        var cycle = await play.RunAsync(new string('界', 100));
        for (var look = 0; look < 3; look++)
        {
            await play.Test.LookAsync();
        }

        (await play.Test.Workspace.Runs.GetAsync(cycle.Run.Id, Token)).MemoryPending.Should().BeFalse();
        (await play.Test.Workspace.Memory.ReadAsync(cancellationToken: Token)).Sections.SelectMany(section => section.Entries).Should().Contain(entry => entry.Text.Contains("Cycle of workflow 'default': failed"));
    }

    [Fact]
    public async Task FollowUpOfSeveralLines_IsPlanned_AndNothingStaysOwed()
    {
        using var play = new CycleWorkspace(Five(static workflow => workflow with { Stages = [workflow.Stages[0] with { Gates = [] }], Sync = [] }), defaultAgent: "handoff");
        var asked = await play.AskAsync();
        await play.Test.LookAsync();
        var claimed = (await play.Test.Workspace.Runs.ClaimAsync(null, null, Token))!;
        await play.Test.Workspace.Runs.CompleteAsync(claimed.Id, new RunReport(RunState.Succeeded, "done", [], ["look at the cache\n\n- [ ] and at the rest", "   ", "\u0007"], []), leaseToken: claimed.LeaseToken, cancellationToken: Token);
        await play.PlayAsync(asked.Id);
        await play.Test.LookAsync();

        (await play.Test.Workspace.Runs.GetAsync(asked.Id, Token)).MemoryPending.Should().BeFalse();
        File.ReadAllText(play.Test.Paths.Todo).Should().Contain("look at the cache");
    }

    [Fact]
    public async Task Effect_OfAStepThatTheTimeLimitEnded_IsSeenBehindItsEnd()
    {
        using var play = new CycleWorkspace(Five(static workflow => workflow with { TimeoutSeconds = 30 }));
        play.Exit = static _ => null;
        var asked = await play.AskAsync();
        await play.Test.LookAsync();
        await play.Test.LookAsync();
        await play.Test.LookAfterAsync(TimeSpan.FromSeconds(31));
        play.Test.Evidence.Changes++;
        var step = (await play.Test.Workspace.Cycles.FindAsync(asked.Id, Token))!.Items.Single();
        play.Test.Supervisors.End(step.RunId!, new SupervisorOutcome { End = SupervisorEnd.Cancelled, Reason = "cancelled", EndedAt = play.Test.Now });
        var cycle = await play.PlayAsync(asked.Id);

        cycle.Run.State.Should().Be(RunState.TimedOut);
        cycle.Run.Summary.Should().Contain("1 file(s) changed");
        cycle.HasEffect.Should().BeTrue("what it changed counts as progress");
    }

    private static void EndStep(CycleWorkspace play, Cycle cycle, double cost) =>
        play.Test.Supervisors.End(cycle.Items[0].RunId!, new SupervisorOutcome { End = SupervisorEnd.Exited, Reason = "done", EndedAt = play.Test.Now, ExitCode = 0, Account = new AgentAccount { CostUsd = cost } });
}
