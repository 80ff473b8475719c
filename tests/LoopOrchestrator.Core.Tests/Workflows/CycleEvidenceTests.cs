using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Checkpoints;
using LoopOrchestrator.Core.Git;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Tests.Checkpoints;
using LoopOrchestrator.Core.Workflows;
using static LoopOrchestrator.Core.Tests.Workflows.CycleWorkspace;

namespace LoopOrchestrator.Core.Tests.Workflows;

public sealed class CycleEvidenceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CheckpointBehindAStep_TakenBeforeACrash_IsNotTakenAgain()
    {
        using var play = new CycleWorkspace(Five());
        var taken = 0;
        play.Test.Evidence.OnTake = name =>
        {
            taken += name.EndsWith("/1-after", StringComparison.Ordinal) ? 1 : 0;
            return Task.CompletedTask;
        };
        play.Exit = static _ => null;
        var asked = await play.AskAsync();
        await play.PlayAsync(asked.Id);

        // A process took it and ended before it could record that.
        await play.Test.Evidence.TakeAsync($"{asked.Id}/1-after", Token);
        play.Exit = static _ => 0;
        play.Test.Supervisors.End((await play.Test.Workspace.Cycles.FindAsync(asked.Id, Token))!.Items[0].RunId!);
        await play.PlayAsync(asked.Id);

        taken.Should().Be(1, "what others changed since is not the step's");
    }

    [Fact]
    public async Task Evidence_ThatCannotBeHad_IsUnknownAndEscalatesNothing()
    {
        using var play = new CycleWorkspace(Five());
        play.Test.Evidence.IsUnknown = true;
        play.Test.Evidence.Lack = "no checkpoints: git refuses this folder (owner)";
        for (var round = 0; round < 4; round++)
        {
            var cycle = await play.RunAsync();

            (cycle.Run.State, cycle.HasEffect).Should().Be((RunState.Succeeded, null));
            cycle
                .Items.Where(static item => item.RunId is not null)
                .SelectMany(static item => item.Marks)
                .Should()
                .Contain(play.Test.Evidence.Lack)
                .And.NotContain(static mark => mark.Contains("changed nothing"), "that is not known");
        }

        (await play.Test.Workspace.Status.ReadAsync(Token)).Escalations.Should().BeEmpty();
    }

    [Fact]
    public async Task TidyAsync_CycleThatIsHeld_KeepsWhatItNeeds()
    {
        using var sandbox = new GitSandbox();
        sandbox.Write("file", "content");
        var evidence = new WorkEvidence(sandbox.Paths, sandbox.Store, new StepWorktrees(sandbox.Paths, sandbox.Time));
        await evidence.TakeAsync("cycle-held/1-before", Token);
        await evidence.TakeAsync("cycle-over/1-before", Token);
        sandbox.Time.Advance(WorkEvidence.KeptFor + TimeSpan.FromDays(1));

        await evidence.TidyAsync(["cycle-held"], Token);

        (await evidence.HasAsync("cycle-held/1-before", Token)).Should().BeTrue();
        (await evidence.HasAsync("cycle-over/1-before", Token)).Should().BeFalse();
    }

    [Fact]
    public async Task Effect_OfAStepThatTheTimeLimitEnded_IsSeenBehindItsEnd()
    {
        using var play = new CycleWorkspace(Five(static workflow => workflow with { TimeoutSeconds = 30 }));
        play.Exit = static _ => null;
        var asked = await play.AskAsync();
        await play.Test.RunPassAsync();
        await play.Test.RunPassAsync();
        await play.Test.PassAfterAsync(TimeSpan.FromSeconds(31));
        play.Test.Evidence.Changes++;
        var step = (await play.Test.Workspace.Cycles.FindAsync(asked.Id, Token))!.Items.Single();
        play.Test.Supervisors.End(
            step.RunId!,
            new SupervisorOutcome
            {
                End = SupervisorEnd.Cancelled,
                Reason = "cancelled",
                EndedAt = play.Test.Now,
            }
        );
        var cycle = await play.PlayAsync(asked.Id);

        cycle.Run.State.Should().Be(RunState.TimedOut);
        cycle.Run.Summary.Should().Contain("1 file(s) changed");
        cycle.HasEffect.Should().BeTrue("what it changed counts as progress");
    }

    [Fact]
    public async Task Summary_RepositoryThatIsGone_SaysSo()
    {
        using var play = new CycleWorkspace(Five());
        var paths = play.Test.Workspace.Paths;
        Directory.CreateDirectory(paths.Checkpoints);
        await File.WriteAllTextAsync(LostRepository.Mark(paths), paths.Root, Token);
        var asked = await play.AskAsync();

        var cycle = await play.PlayAsync(asked.Id);

        cycle.Run.Summary.Should().Contain($"The repository of {paths.Root} is gone: its .git was removed.");
    }
}
