using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Testing;
using static LoopOrchestrator.Core.Tests.Workflows.CycleWorkspace;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>Gates whose command could not begin, for want of processes or because a server died.</summary>
public sealed class CycleGateTests
{
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
        cycle
            .Items.Single(item => item.Number == gate.Number)
            .Should()
            .Match<CycleItem>(item => item.Folder != gate.Folder && item.SecretHash != gate.SecretHash, "the secret died with its server");
    }
}
