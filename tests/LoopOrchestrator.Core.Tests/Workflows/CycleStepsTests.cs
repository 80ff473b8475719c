using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Cycles;

namespace LoopOrchestrator.Core.Tests.Workflows;

public sealed class CycleStepsTests
{
    [Theory]
    [InlineData(RunFailure.Configuration, CycleFault.Missing)]
    [InlineData(RunFailure.SignIn, CycleFault.Service)]
    [InlineData(RunFailure.Service, CycleFault.Service)]
    [InlineData(RunFailure.Work, null)]
    [InlineData(RunFailure.Refused, null)]
    public void CompleteFrom_RunThatFailed_HasItsFault(RunFailure failure, CycleFault? fault) =>
        CycleSteps.CompleteFrom(Running, TestAgents.Run() with { State = RunState.Failed, Failure = failure }).Fault.Should().Be(fault);

    private static CycleItem Running { get; } =
        new()
        {
            Number = 1,
            Visit = 1,
            Stage = 0,
            Kind = CycleItemKind.Step,
            Position = 0,
            Name = "step0",
            State = CycleItemState.Running,
            StartedAt = DateTimeOffset.UnixEpoch,
        };
}
