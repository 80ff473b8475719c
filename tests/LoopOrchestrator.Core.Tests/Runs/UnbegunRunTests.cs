using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Core.Tests.Agents;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Runs;

/// <summary>What becomes of a run whose server died between taking it and the moment when its supervisor came up.</summary>
public sealed class UnbegunRunTests : IDisposable
{
    private readonly TestWorkspace _test = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Sweep_ServerDiedBeforeTheStartRow_GoesBackIntoTheQueueAndStartsOnce()
    {
        var run = await TakenByADeadServerAsync();

        await _test.RunPassAsync();

        (await GetAsync(run)).Should().Match<Run>(again => again.State == RunState.Running && again.Attempt == 1);
        (await DecisionsAsync(run))
            .Should()
            .ContainSingle(static text => text.StartsWith("queued again: the server that had taken it ended before it began"));
        _test.Supervisors.Orders.Should().ContainSingle();
        (await RowsAsync(run)).Should().Be(1);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Sweep_ServerDiedBeforeItsSupervisorCameUp_GoesOnInTheSameRow(bool wasOrdered)
    {
        var (run, folder) = await RecordedByADeadServerAsync();
        if (wasOrdered)
        {
            folder.Write(TestAgents.Order());
        }

        await _test.RunPassAsync();

        (await GetAsync(run)).Should().Match<Run>(again => again.State == RunState.Running && again.Attempt == 1);
        _test.Supervisors.Orders.Should().ContainSingle();
        (await RowsAsync(run)).Should().Be(1);
        _test.Supervisors.End(run.Id);
        await _test.RunPassAsync();
        (await GetAsync(run)).State.Should().Be(RunState.Succeeded);
        (await RowsAsync(run)).Should().Be(2);
    }

    [Fact]
    public async Task Sweep_ServerDiedAndItsSupervisorIsComingUp_IsLeftToThat()
    {
        var (run, folder) = await RecordedByADeadServerAsync();
        folder.Write(TestAgents.Order());
        using (FileLock.TryAcquire(folder.SupervisorLock))
        {
            await _test.RunPassAsync();
        }

        (await GetAsync(run)).State.Should().Be(RunState.Running);
        folder.ReadOrder().Should().NotBeNull();
        _test.Supervisors.Orders.Should().BeEmpty();
    }

    [Fact]
    public async Task Sweep_ServerDiedAndLeftAnOrder_TakesItBack()
    {
        var (run, folder) = await RecordedByADeadServerAsync();
        folder.Write(TestAgents.Order());

        await _test.SweepAsync();

        (await GetAsync(run)).State.Should().Be(RunState.Queued);
        folder.ReadOrder().Should().BeNull("a supervisor that comes late must find nothing to do");
    }

    [Theory]
    [InlineData("supervisor.json", "")]
    [InlineData("output.log", "it has begun")]
    public async Task Sweep_ServerDiedAndAnythingTellsOfASupervisor_IsInterrupted(string file, string content)
    {
        var (run, folder) = await RecordedByADeadServerAsync();
        folder.Write(TestAgents.Order());
        await File.WriteAllTextAsync(Path.Combine(folder.FullPath, file), content, Token);

        await _test.RunPassAsync();

        (await GetAsync(run)).State.Should().Be(RunState.Interrupted, "a power cut can leave a record empty, and its program has run");
        _test.Supervisors.Orders.Should().BeEmpty();
    }

    [Fact]
    public async Task Sweep_ItsServersDieOfItsStart_IsInterruptedInTheEnd()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        for (var death = 0; death <= 10; death++)
        {
            (await GetAsync(run)).State.Should().Be(RunState.Queued);
            await TakeAsync(run);
            await _test.SweepAsync();
        }

        (await GetAsync(run)).State.Should().Be(RunState.Interrupted);
    }

    [Fact]
    public async Task Sweep_ServerDiedAndTheFolderWasRemoved_IsInterrupted()
    {
        var (run, folder) = await RecordedByADeadServerAsync();
        Directory.Delete(folder.FullPath);

        await _test.RunPassAsync();

        (await GetAsync(run)).State.Should().Be(RunState.Interrupted, "its program may have run, and nothing tells of it");
        _test.Supervisors.Orders.Should().BeEmpty();
    }

    [Fact]
    public async Task Sweep_CancelledAndItsServerDiedBehindTheStartRow_OwesItsEnd()
    {
        var (run, _) = await RecordedByADeadServerAsync();
        await _test.Workspace.Runs.CancelAsync(run.Id, "not wanted", Token);

        await _test.RunPassAsync();
        await _test.RunPassAsync();

        (await GetAsync(run)).State.Should().Be(RunState.Cancelled);
        (await RowsAsync(run)).Should().Be(2);
    }

    [Fact]
    public async Task Sweep_CancelledAndItsServerDiedBeforeTheStartRow_IsCancelled()
    {
        var run = await TakenByADeadServerAsync();
        await _test.Workspace.Runs.CancelAsync(run.Id, "not wanted", Token);

        await _test.RunPassAsync();
        await _test.RunPassAsync();

        (await GetAsync(run)).State.Should().Be(RunState.Cancelled);
        _test.Supervisors.Orders.Should().BeEmpty();
    }

    private async Task<Run> TakenByADeadServerAsync()
    {
        var run = await _test.Workspace.Runs.RequestAsync(new RunRequest("code", "work"), Token);
        await TakeAsync(run);
        return run;
    }

    private async Task TakeAsync(Run run)
    {
        using var database = _test.OpenDatabase();
        (
            await new SqliteRunStore(database).TryStartAsync(
                run.Id,
                new RunStart(_test.Now) { Executor = FakeSupervisors.Dead.ToString() },
                Token
            )
        )
            .Should()
            .BeTrue();
    }

    private async Task<(Run Run, RunFolder Folder)> RecordedByADeadServerAsync()
    {
        var run = await TakenByADeadServerAsync();
        var folder = new RunFolder(_test.Paths.Run(run.Id));
        folder.Create();
        await _test.Workspace.Timing.StartAsync(new TimingStart("work", run.Mode, run.Id, "normal"), Token);
        return (run, folder);
    }

    private async Task<IEnumerable<string>> DecisionsAsync(Run run) =>
        (await _test.Workspace.Runs.DecisionsAsync(run.Id, Token)).Select(static decision => decision.Text);

    private Task<Run> GetAsync(Run run) => _test.Workspace.Runs.GetAsync(run.Id, Token);

    private async Task<int> RowsAsync(Run run) =>
        (await File.ReadAllLinesAsync(_test.Paths.Timing, Token)).Count(line => line.Contains(run.Id, StringComparison.Ordinal));
}
