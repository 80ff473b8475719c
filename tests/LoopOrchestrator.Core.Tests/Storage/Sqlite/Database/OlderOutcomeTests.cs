using System.Reflection;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Workflows;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Core.Workflows.Definition;
using LoopOrchestrator.Testing;
using Microsoft.Data.Sqlite;

namespace LoopOrchestrator.Core.Tests.Storage.Sqlite.Database;

/// <summary>
/// What a program with schema 6 had begun when its place was taken: its supervisors know of no secret, and folders of commands follow from
/// their numbers.
/// </summary>
public sealed class OlderOutcomeTests : IDisposable
{
    private const string Run = "run-20260102-030605-00000004";
    private const string Cycle = "run-20260102-030605-00000003";

    private readonly TemporaryFolder _folder = new();
    private readonly TestWorkspace _test;

    public OlderOutcomeTests()
    {
        Directory.CreateDirectory(_folder.Paths.State);
        using (var connection = new SqliteConnection($"Data Source={_folder.Paths.Database};Pooling=False"))
        {
            connection.Open();
            connection.Execute(
                File.ReadAllText(
                    Path.Combine(
                        RepositoryRoot,
                        "tests",
                        "LoopOrchestrator.Core.Tests",
                        "Storage",
                        "Sqlite",
                        "Database",
                        "Released",
                        "schema-6.sql"
                    )
                )
            );
            connection.Execute("UPDATE runs SET deadline_at = deadline_at + 366 * 86400000");
        }

        // As in the configuration with which the version before began its cycle.
        var stage = new WorkflowStage("implementation", Stage.Implementation)
        {
            Steps = [new("implement") { Mode = "code" }],
            Gates = [new("build", ["true", "build"])],
            OnFailure = new(FailureAction.Stop),
        };
        var workflow = new WorkflowDefinition("default") { Stages = [stage] };
        _test = new TestWorkspace(_folder, new RunLimits { MaxAttempts = 2 }, true, TestWorkspace.Checks, null, workflow);
    }

    private static string RepositoryRoot =>
        typeof(OlderOutcomeTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(static attribute => attribute.Key == "RepositoryRoot")
            .Value!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Sweep_RunOfTheVersionBefore_EndsByItsOutcomeOnceItsSupervisorIsGone()
    {
        var folder = Begun(new RunFolder(_test.Paths.Run(Run)));
        folder.Write(TestAgents.Outcome(SupervisorEnd.Exited, 0));
        using (FileLock.TryAcquire(folder.SupervisorLock))
        {
            await _test.SweepAsync();
            (await GetAsync()).State.Should().Be(RunState.Running);
        }

        await _test.SweepAsync();
        (await GetAsync()).Should().Match<Run>(static run => run.State == RunState.Succeeded && !run.IsUnverified);
    }

    [Fact]
    public async Task Retry_OfARunOfTheVersionBefore_NeedsASecretLikeAnyOther()
    {
        Begun(new RunFolder(_test.Paths.Run(Run))).Write(TestAgents.Outcome(SupervisorEnd.Exited, 1));
        await _test.SweepAsync();
        await _test.PassAfterAsync(TimeSpan.FromHours(1));
        (await GetAsync()).Should().Match<Run>(static run => run.State == RunState.Running && run.Attempt == 2);
        _test.Supervisors.ComeUp(Run);
        RunFolder.Of(_test.Paths.Run(Run), 2).Write(TestAgents.Outcome(SupervisorEnd.Exited, 0));

        await _test.SweepAsync();

        (await GetAsync()).State.Should().Be(RunState.Running, "no secret, no outcome");
    }

    [Fact]
    public async Task Gate_OfTheVersionBefore_EndsByItsOutcome()
    {
        var folder = Begun(new RunFolder(Path.Combine(_test.Paths.Run(Cycle), CycleCommands.Folder, $"{Cycle}-1")));
        folder.Write(TestAgents.Outcome(SupervisorEnd.Exited, 0));

        await _test.Workspace.CycleEngine.RunPassAsync(Token);

        (await _test.Workspace.Cycles.FindAsync(Cycle, Token))!.Items[0].State.Should().Be(CycleItemState.Passed);
    }

    [Fact]
    public async Task Gate_ThatTheVersionBeforeNeverStarted_IsStartedInAFolderOfItsOwn()
    {
        await _test.Workspace.CycleEngine.RunPassAsync(Token);

        var gate = (await _test.Workspace.Cycles.FindAsync(Cycle, Token))!.Items[0];
        gate.Folder.Should().StartWith($"{Cycle}-1-");
        _test.Supervisors.Orders.Should().ContainSingle().Which.RunId.Should().Be(gate.Folder);
    }

    private static RunFolder Begun(RunFolder folder)
    {
        folder.Create();
        folder.Write(TestAgents.Order());
        folder.Write(new SupervisorRecord(FakeSupervisors.Dead.ToString()));
        return folder;
    }

    private Task<Run> GetAsync() => _test.Workspace.Runs.GetAsync(Run, Token);
}
