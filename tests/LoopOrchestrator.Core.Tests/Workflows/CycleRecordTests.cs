using LoopOrchestrator.Core.Runs.Contracts;
using static LoopOrchestrator.Core.Tests.Workflows.CycleWorkspace;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>What a cycle leaves in the memory and in the plan, whatever its texts are like.</summary>
public sealed class CycleRecordTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_WordsInAnyScript_TakesTheEntryOfACycle()
    {
        using var play = new CycleWorkspace(
            Five(static workflow =>
                workflow with
                {
                    MaxReworks = 0,
                    Stages = [workflow.Stages[0], workflow.Stages[1] with { Gates = [new(new string('界', 800), ["true", "check"])] }],
                }
            )
        );
        play.Exit = static name => name == "check" ? 1 : 0;
        play.Output = static _ => new string('界', 5000);
        var cycle = await play.RunAsync(new string('界', 100));
        for (var look = 0; look < 3; look++)
        {
            await play.Test.RunPassAsync();
        }

        (await play.Test.Workspace.Runs.GetAsync(cycle.Run.Id, Token)).MemoryPending.Should().BeFalse();
        (await play.Test.Workspace.Memory.ReadAsync(cancellationToken: Token))
            .Sections.SelectMany(section => section.Entries)
            .Should()
            .Contain(entry => entry.Text.Contains("Cycle of workflow 'default': failed"));
    }

    [Fact]
    public async Task FollowUpOfSeveralLines_IsPlanned_AndNothingStaysOwed()
    {
        using var play = new CycleWorkspace(
            Five(static workflow => workflow with { Stages = [workflow.Stages[0] with { Gates = [] }], Sync = [] }),
            defaultAgent: "handoff"
        );
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();
        var claimed = (await play.Test.Workspace.Runs.ClaimAsync(null, null, Token))!;
        await play.Test.Workspace.Runs.CompleteAsync(
            claimed.Id,
            new RunReport(RunState.Succeeded, "done", [], ["look at the cache\n\n- [ ] and at the rest", "   ", "\u0007"], []),
            leaseToken: claimed.LeaseToken,
            cancellationToken: Token
        );
        await play.PlayAsync(asked.Id);
        await play.Test.RunPassAsync();

        (await play.Test.Workspace.Runs.GetAsync(asked.Id, Token)).MemoryPending.Should().BeFalse();
        File.ReadAllText(play.Test.Paths.Todo).Should().Contain("look at the cache");
    }
}
