using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using StageKind = LoopOrchestrator.Core.Modes.Stage;

namespace LoopOrchestrator.Core.Tests.Workflows;

/// <summary>
/// Which program an isolated step starts whose agent names it by a relative path: what a command says decides, a CLI is a tool.
/// </summary>
public sealed class CommandStepTests
{
    private const string Agent = "script";

    [Theory]
    [InlineData(AgentKind.Command)]
    [InlineData(AgentKind.Cli)]
    public async Task IsolatedStep_ProgramOnlyInTheWorkspace_IsStartedForACliOnly(AgentKind kind)
    {
        var workflow = new WorkflowDefinition(WorkflowDefinition.DefaultName)
        {
            Stages =
            [
                new("implementation", StageKind.Implementation)
                {
                    Steps =
                    [
                        new WorkflowStep("work")
                        {
                            Mode = "code",
                            Agent = Agent,
                            Isolated = true,
                        },
                    ],
                    OnFailure = new FailurePolicy(FailureAction.Stop),
                },
            ],
        };
        using var play = new CycleWorkspace(workflow);
        ((Dictionary<string, AgentDefinition>)play.Test.Configuration.Agents)[Agent] = new AgentDefinition
        {
            Name = Agent,
            Kind = kind,
            Command = ["tools/agent.sh"],
        };
        play.Test.Restart();
        var program = Path.Combine(play.Test.Paths.Root, "tools", "agent.sh");
        Directory.CreateDirectory(Path.GetDirectoryName(program)!);
        await File.WriteAllTextAsync(program, "#!/bin/sh\n", TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        var cycle = await play.RunAsync();

        var tree = cycle.Items[0].WorkTree!;
        if (kind == AgentKind.Cli)
        {
            play.Test.Supervisors.Orders.Should()
                .ContainSingle()
                .Which.Should()
                .Match<Core.Agents.Supervision.Files.SupervisorOrder>(order => order.Command[0] == program && order.WorkingFolder == tree);
        }
        else
        {
            play.Test.Supervisors.Orders.Should().BeEmpty();
            cycle.Items[0].State.Should().Be(CycleItemState.Failed);
            cycle.Items[0].Reason.Should().Contain(Path.GetFullPath("tools/agent.sh", tree));
        }
    }
}
