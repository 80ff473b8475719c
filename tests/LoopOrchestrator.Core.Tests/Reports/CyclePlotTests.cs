using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Reports;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;

namespace LoopOrchestrator.Core.Tests.Reports;

public sealed class CyclePlotTests
{
    [Fact]
    public void Backs_OfACycle_AreItsPassesThatDidNotGoOn() =>
        CyclePlot
            .Backs(Cycle(RunState.Running, stage: 1, visit: 7, [0, 1, 1, 0, 1, 0]))
            .Should()
            .BeEquivalentTo([new StageBack(1, 1, 1), new StageBack(1, 0, 2)]);

    [Theory]
    [InlineData(RunState.Running, false, "done", "running", "ahead")]
    [InlineData(RunState.Running, true, "done", "held", "ahead")]
    [InlineData(RunState.NeedsInput, false, "done", "held", "ahead")]
    [InlineData(RunState.Failed, false, "done", "failed", "ahead")]
    [InlineData(RunState.TimedOut, false, "done", "failed", "ahead")]
    [InlineData(RunState.Cancelled, false, "done", "cancelled", "ahead")]
    [InlineData(RunState.Succeeded, false, "done", "done", "done")]
    public void Draw_Cycle_HasTheStateOfEachStage(RunState state, bool isHeld, string first, string second, string third)
    {
        var cycle = Cycle(state, stage: 1, visit: 2, [0]) with { HeldSince = isHeld ? ReportSample.Start : null };

        CyclePlot.Draw(cycle, "a").Table.Rows.Select(static row => row[1]).Should().Equal(first, second, third);
    }

    private static Cycle Cycle(RunState state, int stage, int visit, int[] passes)
    {
        var sample = ReportSample.Cycle("garden");
        return sample with
        {
            Run = sample.Run with { State = state },
            Workflow = new WorkflowDefinition("w")
            {
                Stages = [new("plan", Stage.Planning), new("build", Stage.Implementation), new("check", Stage.Validation)],
            },
            Stage = stage,
            Visit = visit,
            Items =
            [
                .. passes.Select(
                    (pass, index) => sample.Items[0] with { Number = index + 1, Visit = index + 1, Stage = pass, Kind = CycleItemKind.Step }
                ),
            ],
        };
    }
}
