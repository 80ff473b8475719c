using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Status;

public sealed class RunEvidenceTests
{
    private static readonly StepChanges Nothing = new(0, 0, 0, [], []);

    private static Run Success { get; } = TestAgents.Run() with { State = RunState.Succeeded, ExitCode = 0 };

    [Theory]
    [InlineData("nothing", "no evidence", false)]
    [InlineData("a command", "exit code 0", true)]
    [InlineData("a command that failed", "no evidence, exit code 3", false)]
    [InlineData("a report", "reported", true)]
    [InlineData("a report without a text", "reported", true)]
    [InlineData("a summary that is only output", "no evidence", false)]
    [InlineData("money", "0.5 USD", true)]
    [InlineData("tokens", "12,345 tokens", true)]
    [InlineData("no tokens", "no evidence, 0 tokens", false)]
    public void Of_ARunByItself_IsWhatItsRowHolds(string what, string text, bool any)
    {
        var run = what switch
        {
            "nothing" => Success,
            "a command" => Success with { AgentKind = AgentKind.Command },
            "a command that failed" => Success with { AgentKind = AgentKind.Command, State = RunState.Failed, ExitCode = 3 },
            "a report" => Success with { ReportedOutcome = RunState.Succeeded, Summary = "all done" },
            "a report without a text" => Success with { ReportedOutcome = RunState.Succeeded },
            "a summary that is only output" => Success with { Summary = "all done" },
            "money" => Success with { CostUsd = 0.5 },
            "tokens" => Success with { Tokens = new AgentTokens(12_000, 345, 0) },
            "no tokens" => Success with { Tokens = new AgentTokens(0, 0, 0) },
            _ => throw new ArgumentOutOfRangeException(nameof(what), what, message: null),
        };

        var evidence = RunEvidence.Of(run, cycle: null)!;

        evidence.Any.Should().Be(any);
        evidence.Describe().Should().Be(text.Replace("0.5 USD", "0.50 USD", StringComparison.Ordinal));
    }

    [Fact]
    public void Of_AStep_HasItsChangesAndTheGatesOfItsPass()
    {
        var changes = new StepChanges(2, 10, 3, ["A one.txt", "M two.txt"], ["0123456789ab feat: two"]);
        var cycle = Cycle(
            Item(1, CycleItemKind.Step, 1) with
            {
                RunId = Success.Id,
                Changes = changes,
            },
            Item(2, CycleItemKind.Gate, 1, exitCode: 0),
            Item(3, CycleItemKind.Gate, 2, exitCode: 1)
        );

        var evidence = RunEvidence.Of(Success, cycle)!;

        evidence.Gates.Should().Equal(new GateEvidence("item2", 0, Passed: true));
        evidence.Describe().Should().Be("1 of 1 gate(s) passed, 2 file(s), +10 −3 lines, 1 commit(s)");
    }

    [Fact]
    public void Of_ACycle_HasTheLastPassOfEachGateAndAllChanges()
    {
        var run = Success with { Agent = null, AgentKind = null, Workflow = "w" };
        var cycle = Cycle(
            Item(1, CycleItemKind.Step, 1) with
            {
                Changes = new StepChanges(1, 5, 0, ["A one.txt"], []),
            },
            Item(2, CycleItemKind.Gate, 1, exitCode: 1),
            Item(3, CycleItemKind.Step, 2) with
            {
                Changes = new StepChanges(2, 1, 1, ["M one.txt", "A two.txt"], ["0123456789ab fix: one"]),
            },
            Item(4, CycleItemKind.Gate, 2, exitCode: 0),
            Item(5, CycleItemKind.Baseline, 2, exitCode: 1)
        ) with
        {
            Run = run,
        };

        var evidence = RunEvidence.Of(run, cycle)!;

        evidence.Gates.Should().Equal(new GateEvidence("item4", 0, Passed: true));
        evidence.Describe().Should().Be("1 of 1 gate(s) passed, 2 file(s), +6 −1 lines, 1 commit(s)");
    }

    [Fact]
    public void Of_AStepThatChangedNothing_SaysSoAndIsNone()
    {
        var cycle = Cycle(Item(1, CycleItemKind.Step, 1) with { RunId = Success.Id, Changes = Nothing });

        var evidence = RunEvidence.Of(Success, cycle)!;

        evidence.Any.Should().BeFalse();
        evidence.Describe().Should().Be("no evidence, nothing changed");
    }

    [Fact]
    public void Of_WhatHasNotEndedOrIsNotSeen_IsNotThere()
    {
        RunEvidence.Of(TestAgents.Run(), cycle: null).Should().BeNull();
        RunEvidence.Of(Success with { IsUnverified = true }, cycle: null).Should().BeNull();
    }

    private static Cycle Cycle(params CycleItem[] items) =>
        new(Success with { Id = "cycle" }, new WorkflowDefinition("w") { Stages = [] })
        {
            Stage = 0,
            Visit = 2,
            Items = items,
        };

    private static CycleItem Item(int number, CycleItemKind kind, int visit, int? exitCode = null) =>
        new()
        {
            Number = number,
            Visit = visit,
            Stage = 0,
            Kind = kind,
            Position = 0,
            Name = $"item{number}",
            State = exitCode is null or 0 ? CycleItemState.Passed : CycleItemState.Failed,
            ExitCode = exitCode,
            StartedAt = TestAgents.Moment,
        };
}
