using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>The file <c>run.json</c>, whose names are read by other versions of the program.</summary>
public sealed class RunRecordTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(AgentKind.Command, "Command")]
    [InlineData(AgentKind.Cli, "Cli")]
    [InlineData(AgentKind.Handoff, "Handoff")]
    [InlineData(null, "Workflow")]
    public void Write_RunOfEachKind_KeepsTheNamesOfTheFileAndIsReadBack(AgentKind? kind, string name)
    {
        var run = kind is { } ofAgent
            ? TestAgents.Run(kind: ofAgent)
            : TestAgents.Run() with
            {
                Agent = null,
                AgentKind = null,
                Workflow = "a",
            };
        var folder = new RunFolder(_folder.File("run"));
        folder.Create();

        folder.Write(RunRecord.Of(run, dueAt: null));

        File.ReadAllText(_folder.File("run/run.json")).Should().Contain("\"agent\": \"a\"").And.Contain($"\"agent_kind\": \"{name}\"");
        var read = folder.ReadRun()!.ToRun(run.Id);
        (read.Kind, read.Agent, read.AgentKind, read.Workflow).Should().Be((run.Kind, run.Agent, run.AgentKind, run.Workflow));
    }
}
