using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Testing;
using static LoopOrchestrator.Core.Tests.Workflows.CycleWorkspace;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>What the steps of a cycle cost, and for whom it counts.</summary>
public sealed class CycleCostTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cost_OfASchedulesSteps_CountsOnceAndAtOnce()
    {
        using var play = new CycleWorkspace(
            Five(),
            new RunLimits
            {
                MaxAttempts = 1,
                Budget = new RunBudget { CostPerSchedulePerDayUsd = 5 },
            }
        );
        play.Exit = static name => name.Contains('-', StringComparison.Ordinal) ? null : 0;
        play.Test.WriteSchedules(TestWorkspace.Every(600, more: "\"workflow\":\"default\""));
        await play.Test.RunPassAsync();
        await play.Test.RunPassAsync();
        var cycle = (await play.Test.Workspace.Cycles.ListAsync(new RunFilter(), Token)).Single();
        EndStep(play, cycle, 6);
        await play.PlayAsync(cycle.Run.Id);

        (await play.Test.Workspace.Cycles.FindAsync(cycle.Run.Id, Token))!.HeldReason.Should().Contain("its runs of the day cost 6 USD");
        play.Started.Should().NotContain("validation-static");
    }

    [Fact]
    public async Task Cost_OfSteps_IsNotCountedASecondTimeWithTheirCycle()
    {
        using var play = new CycleWorkspace(
            Five(static workflow => workflow with { Stages = [workflow.Stages[0]] }),
            new RunLimits
            {
                MaxAttempts = 1,
                Budget = new RunBudget { CostPerDayUsd = 10 },
            }
        );
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
        using var play = new CycleWorkspace(
            Five(),
            new RunLimits
            {
                MaxAttempts = 1,
                Budget = new RunBudget { CostPerSchedulePerDayUsd = 5 },
            }
        );
        play.Exit = static name => name.Contains('-', StringComparison.Ordinal) || name == "code" ? null : 0;
        play.Test.WriteSchedules(TestWorkspace.Every(600, more: "\"workflow\":\"default\""));
        await play.Test.RunPassAsync();
        await play.Test.RunPassAsync();
        var cycle = (await play.Test.Workspace.Cycles.ListAsync(new RunFilter(), Token)).Single();
        var below = await play.Test.Workspace.Runs.RequestAsync(
            new RunRequest("code", "a part of it") { ParentRunId = cycle.Items[0].RunId },
            Token
        );
        await play.Test.RunPassAsync();
        play.Test.Supervisors.End(
            below.Id,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Exited,
                Reason = "done",
                EndedAt = play.Test.Now,
                ExitCode = 0,
                Account = new AgentAccount { CostUsd = 6 },
            }
        );
        await play.Test.RunPassAsync();
        EndStep(play, cycle, 0);
        await play.PlayAsync(cycle.Run.Id);

        (await play.Test.Workspace.Cycles.FindAsync(cycle.Run.Id, Token))!.HeldReason.Should().Contain("its runs of the day cost 6 USD");
    }

    private static void EndStep(CycleWorkspace play, Cycle cycle, double cost) =>
        play.Test.Supervisors.End(
            cycle.Items[0].RunId!,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Exited,
                Reason = "done",
                EndedAt = play.Test.Now,
                ExitCode = 0,
                Account = new AgentAccount { CostUsd = cost },
            }
        );
}
