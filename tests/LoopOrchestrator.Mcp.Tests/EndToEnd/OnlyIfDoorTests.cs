using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>A schedule's <c>onlyIf</c> as a real program, with servers and supervisors that die beside it.</summary>
public sealed class OnlyIfDoorTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        _workspace.AddCommand("worker", "mark", "runs");
        _workspace.WriteConfiguration("worker");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task AnswerIsNo_NothingRuns_AndTheListSaysWhy()
    {
        Write("print", "not now", "exit", "7");
        var client = await _workspace.ServeHereAsync();

        var row = await OutcomeAsync();

        row.Outcome.Should().Be(OccurrenceOutcome.Skipped);
        (await client.CallAsync("list_schedules")).GetProperty("schedules")[0].Text("last_reason").Should().Contain("exit code 7");
        (await client.CallAsync("list_runs")).GetProperty("runs").GetArrayLength().Should().Be(0);
        File.ReadAllText(Directory.GetFiles(_workspace.FullPath(".loop/checks"), "output.log", SearchOption.AllDirectories).Single())
            .Should()
            .Contain("not now");
    }

    [Fact]
    public async Task Answer_ServerKilledWhileItIsAsked_IsTakenByTheNextOne()
    {
        Write("mark", "checks", "await", "go", "exit", "0");
        var (server, _) = await _workspace.ServeAsync();
        await Eventually.TrueAsync("the check has begun", () => _workspace.Marks("checks") == 1);
        server.Kill();
        var client = await _workspace.ServeHereAsync();
        (await client.CallAsync("list_schedules")).GetProperty("schedules")[0].Text("last_occurrence_outcome").Should().Be("waiting");

        _workspace.Files.Write("go", string.Empty);

        var run = await client.EndOfRunAsync(await client.RunOfScheduleAsync("asks"));
        run.Text("state").Should().Be("succeeded");
        (_workspace.Marks("checks"), _workspace.Marks("runs")).Should().Be((1, 1));
        (await OutcomeAsync()).RunId.Should().Be(run.Text("run_id"));
    }

    [Fact]
    public async Task SupervisorKilledWhileItAsks_IsAskedAgainOnce_AndRunsOnce()
    {
        Write("mark", "checks", "await", "go", "exit", "0");
        var client = await _workspace.ServeHereAsync();
        await Eventually.TrueAsync("the check has begun", () => _workspace.Marks("checks") == 1);
        var first = _workspace.Workers();

        LinuxProcesses.Kill(_workspace.Supervisors());

        await Eventually.TrueAsync("the check has begun again", () => _workspace.Marks("checks") == 2);
        _workspace.Workers().Should().NotIntersectWith(first, "what the first one left is ended before the second begins");
        _workspace.Files.Write("go", string.Empty);
        await client.EndOfRunAsync(await client.RunOfScheduleAsync("asks"));
        (_workspace.Marks("checks"), _workspace.Marks("runs")).Should().Be((2, 1));
    }

    private void Write(params string[] script)
    {
        var schedule = LoopWorkspace.DueNow("asks");
        schedule["onlyIf"] = new JsonArray([LoopWorkspace.Dummy, .. script.Select(static part => (JsonNode)part)]);
        _workspace.WriteSchedules(schedule);
    }

    private Task<Occurrence> OutcomeAsync() =>
        Eventually.FindAsync("the outcome of its only occurrence", async () =>
            (await _workspace.LedgerAsync("asks")) is [{ Outcome: not null } row] ? row : null
        );
}
