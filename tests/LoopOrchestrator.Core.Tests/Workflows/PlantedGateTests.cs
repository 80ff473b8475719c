using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>Steps that prepare the outcome of their own gate, and where the programs of gates are looked for.</summary>
public sealed class PlantedGateTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Gate_OutcomeWasPreparedInEveryFolderThatCanBeGuessed_IsRunAllTheSame()
    {
        using var play = new CycleWorkspace(One(new("build", ["true", "build"])));
        var asked = await play.AskAsync();
        play.Exit = name =>
        {
            for (var number = 1; number < 8; number++)
            {
                Plant(new RunFolder(Path.Combine(play.Test.Paths.Run(asked.Id), CycleCommands.Folder, $"{asked.Id}-{number}")));
            }

            return name == "build" ? 1 : 0;
        };

        var cycle = await play.PlayAsync(asked.Id);

        play.Started.Should().Equal("code", "build");
        cycle.Run.State.Should().Be(RunState.Failed);
        cycle.Items[^1].Should().Match<CycleItem>(gate => gate.State == CycleItemState.Failed && gate.ExitCode == 1);
    }

    [Fact]
    public async Task Gate_OutcomeInItsOwnFolderWhileItRuns_DoesNotPassIt()
    {
        using var play = new CycleWorkspace(One(new("build", ["true", "build"])));
        play.Exit = static name => name == "build" ? null : 0;
        var asked = await play.AskAsync();
        var gate = (await play.PlayAsync(asked.Id)).Items[^1];
        Plant(new RunFolder(Path.Combine(play.Test.Paths.Run(asked.Id), CycleCommands.Folder, gate.Folder!)));
        play.Test.Supervisors.ComeUp(gate.Folder!);
        (await play.PlayAsync(asked.Id)).Items[^1].State.Should().Be(CycleItemState.Running);

        play.Test.Supervisors.End(gate.Folder!, exitCode: 7);

        (await play.PlayAsync(asked.Id))
            .Items[^1]
            .Should()
            .Match<CycleItem>(ended => ended.State == CycleItemState.Failed && ended.ExitCode == 7);
    }

    [Fact]
    public async Task Gate_ItsSupervisorWasKilledBesideAPreparedOutcome_IsDoneAgain()
    {
        using var play = new CycleWorkspace(One(new("build", ["true", "build"])));
        play.Exit = static name => name == "build" ? null : 0;
        var asked = await play.AskAsync();
        var gate = (await play.PlayAsync(asked.Id)).Items[^1];
        Plant(new RunFolder(Path.Combine(play.Test.Paths.Run(asked.Id), CycleCommands.Folder, gate.Folder!)));
        play.Test.Supervisors.Die(gate.Folder!);
        play.Exit = static _ => 0;

        var cycle = await play.PlayAsync(asked.Id);

        cycle
            .Items.Where(static item => item.Kind == CycleItemKind.Gate)
            .Select(static item => item.State)
            .Should()
            .Equal(CycleItemState.Interrupted, CycleItemState.Passed);
    }

    [Fact]
    public async Task Step_WhoseEndIsKnownFromFilesAlone_PassesNothing()
    {
        using var play = new CycleWorkspace(One(new("build", ["true", "build"])));
        play.Exit = static name => name == "build" ? 0 : null;
        var asked = await play.AskAsync();
        var step = (await play.PlayAsync(asked.Id)).Items[^1];
        await play.Test.Workspace.Database.WriteAsync(
            (connection, _) =>
                connection.Execute("UPDATE runs SET unverified = 1 WHERE id = @id", ("@id", step.RunId))
                + connection.Execute("DELETE FROM attempts WHERE run_id = @id", ("@id", step.RunId)),
            Token
        );
        play.Test.Supervisors.End(step.RunId!);
        play.Exit = static _ => 0;

        var cycle = await play.PlayAsync(asked.Id);

        cycle
            .Items.Where(static item => item.Kind == CycleItemKind.Step)
            .Select(static item => item.State)
            .Should()
            .Equal(CycleItemState.Interrupted, CycleItemState.Passed);
        cycle.Items[0].Reason.Should().Contain("not verified");
    }

    [Theory]
    [InlineData("./check.sh")]
    [InlineData("dep/../check.sh")]
    [InlineData(".venv/bin/pytest")]
    [InlineData("node_modules/.bin/x")]
    public async Task Gate_ProgramByARelativePath_IsTheOneOfTheFolderThatItRunsIn(string program)
    {
        using var test = new TestWorkspace();
        var (folder, tree) = (new RunFolder(Path.Combine(test.Paths.Runs, "one")), Path.Combine(test.Paths.Worktrees, "tree"));
        MakeProgram(Path.GetFullPath(program, test.Paths.Root));
        var commands = new SupervisedCommand(
            test.Paths,
            test.Supervisors,
            test.Time,
            static () => { },
            Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
        );
        var start = SupervisorStart.Create();
        Directory.CreateDirectory(tree);
        commands.Start(new SupervisedCommandOrder(folder, [program], tree, TimeSpan.FromSeconds(1)), start);

        var missing = (await commands.CheckAsync(folder, OutcomeProof.Of(start.Hash)))!;
        missing.End.Should().Be(SupervisorEnd.NotStarted, "what lies in the workspace alone is not what is examined");
        missing.Reason.Should().Contain(Path.GetFullPath(program, tree));

        MakeProgram(Path.GetFullPath(program, tree));
        commands.Start(
            new SupervisedCommandOrder(new RunFolder(Path.Combine(test.Paths.Runs, "two")), [program, "x"], tree, TimeSpan.FromSeconds(1)),
            SupervisorStart.Create()
        );
        test.Supervisors.Orders[^1].Command.Should().Equal(Path.GetFullPath(program, tree), "x");
        test.Supervisors.Orders[^1].WorkingFolder.Should().Be(tree);
    }

    private static WorkflowDefinition One(WorkflowCommand gate) =>
        new(WorkflowDefinition.DefaultName)
        {
            Stages =
            [
                CycleWorkspace.StageOf(StageKind.Implementation, new FailurePolicy(FailureAction.Stop), "code") with
                {
                    Gates = [gate],
                },
            ],
        };

    private static void Plant(RunFolder folder)
    {
        folder.Create();
        folder.Write(TestAgents.Order());
        folder.Write(new SupervisorRecord(FakeSupervisors.Dead.ToString(), ProcessIdentity.Current.ToString()));
        File.WriteAllText(folder.SupervisorLock, "");
        folder.Write(TestAgents.Outcome(SupervisorEnd.Exited, 0) with { OutputTail = "all tests passed" });
    }

    private static void MakeProgram(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "#!/bin/sh\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }
}
