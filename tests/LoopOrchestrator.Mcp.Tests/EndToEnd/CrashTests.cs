using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>What kill -9 leaves, of a server, of a supervisor, and of both.</summary>
public sealed class CrashTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Server_Killed_RunGoesOnAndTheNextServerAdoptsIt(bool endsBeforeTheNextStart)
    {
        _workspace.AddCli("worker", preset: null, "mark", "starts", "print", "before the crash", "await", "go", "print", "after the crash");
        _workspace.WriteConfiguration("worker");
        _workspace.WriteSchedules(LoopWorkspace.DueNow("work"));
        var (server, client) = await _workspace.ServeAsync();
        var id = await client.RunOfScheduleAsync("work");
        await client.PrintedAsync(id, "before the crash");
        var supervisor = _workspace.Supervisors().Should().ContainSingle().Subject;

        server.Kill();
        await server.WaitForExitAsync();

        _workspace.Supervisors().Should().Equal(supervisor);
        LoopWorkspace.Workers(id).Should().ContainSingle();
        if (endsBeforeTheNextStart)
        {
            await FinishAsync();
        }

        var next = await _workspace.ServeHereAsync();
        if (!endsBeforeTheNextStart)
        {
            (await next.CallAsync("get_run", ("run_id", id))).Text("state").Should().Be("running");
            await FinishAsync();
        }

        var detail = await next.EndOfRunAsync(id);
        detail.Text("state").Should().Be("succeeded");
        detail.GetProperty("attempt").GetInt32().Should().Be(1);
        detail.Text("output_tail").Should().Be("before the crash\nafter the crash\n");
        _workspace.Marks("starts").Should().Be(1);
        _workspace.Rows(id).Should().HaveCount(2).And.ContainSingle(static row => row.Result == "completed");
        (await _workspace.LedgerAsync()).Should().ContainSingle().Which.Outcome.Should().Be(OccurrenceOutcome.Started);
        _workspace.Files.Read("persistent-memory.md").Split("Schedule \"Schedule work\"").Should().HaveCount(2, "one entry tells of it");

        async Task FinishAsync()
        {
            _workspace.Files.Write("go", string.Empty);
            await Eventually.TrueAsync("the supervisor ends by itself", () => _workspace.Supervisors().Count == 0);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false, Explicit = true, Traits = ["kind", "soak"])]
    public async Task ServerThatIsGone_AsConfigured_TheNextServerKeepsItsRunOrEndsIt(bool ends)
    {
        _workspace.Limits["onServerLoss"] = ends ? "end" : "keep";
        _workspace.AddCommand(
            "worker",
            "mark",
            "starts",
            "setsid",
            "ignore-term mark away hang",
            "await",
            "away",
            "print",
            "all are here",
            "await",
            "go"
        );
        _workspace.WriteConfiguration();
        var first = _workspace.StartStdio("--trust-workspace");
        var client = await _workspace.ConnectAsync(first);
        var id = await client.StartRunAsync("worker");
        await client.PrintedAsync(id, "all are here");

        first.Input.Close();
        await first.WaitForExitAsync();

        _workspace.Supervisors().Should().ContainSingle();
        var next = await _workspace.ServeHereAsync();
        if (!ends)
        {
            (await next.CallAsync("get_run", ("run_id", id))).Text("state").Should().Be("running");
            _workspace.Files.Write("go", string.Empty);
        }

        var detail = await next.EndOfRunAsync(id);
        detail.Text("state").Should().Be(ends ? "interrupted" : "succeeded");
        detail
            .Text("reason")
            .Contains("the server that started it is gone, and limits.onServerLoss is 'end'", StringComparison.Ordinal)
            .Should()
            .Be(ends);
        detail.Text("output_tail").Should().Contain("all are here");
        LoopWorkspace.Workers(id).Should().BeEmpty();
        _workspace.Marks("starts").Should().Be(1);
        _workspace.Rows(id).Should().HaveCount(2).And.ContainSingle(row => row.Result == (ends ? "interrupted" : "completed"));
    }

    [Fact]
    public async Task Supervisor_Killed_WhatItLeftIsEndedAndTheRunIsInterrupted()
    {
        var (_, client) = await StartStubbornAsync();
        var id = await RunningAsync(client);

        LinuxProcesses.Kill(_workspace.Supervisors());

        await InterruptedAsync(client, id);
        var next = await _workspace.ServeHereAsync();
        await InterruptedAsync(next, id);
    }

    [Theory]
    [InlineData(true, Explicit = true, Traits = ["kind", "soak"])]
    [InlineData(false)]
    public async Task ServerAndSupervisor_Killed_TheNextServerEndsWhatIsLeft(bool serverFirst)
    {
        var (server, client) = await StartStubbornAsync();
        var id = await RunningAsync(client);
        var supervisors = _workspace.Supervisors();

        if (serverFirst)
        {
            server.Kill();
            LinuxProcesses.Kill(supervisors);
        }
        else
        {
            // In one go: the server must not see the supervisor's end.
            LinuxProcesses.Kill([.. supervisors, server.Id]);
        }

        await server.WaitForExitAsync();
        var next = await _workspace.ServeHereAsync();
        await InterruptedAsync(next, id);
        (await next.CallAsync("list_runs", ("state", "interrupted"))).GetProperty("runs").GetArrayLength().Should().Be(1);
    }

    [Fact]
    public async Task Agent_Killed_FailsWithItsSignal()
    {
        _workspace.AddCommand("worker", "print", "here", "hang");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var id = await client.StartRunAsync("worker");
        await client.PrintedAsync(id, "here");

        LinuxProcesses.Kill(LoopWorkspace.Workers(id));

        var run = (await client.EndOfRunAsync(id));
        run.Text("state").Should().Be("failed");
        run.GetProperty("exit_code").GetInt32().Should().Be(137);
    }

    private async Task<(ServerProcess Server, ModelContextProtocol.Client.McpClient Client)> StartStubbornAsync()
    {
        _workspace.AddCommand(
            "stubborn",
            "mark",
            "starts",
            "fork",
            "ignore-term mark child hang",
            "setsid",
            "ignore-term mark away hang",
            "await",
            "child",
            "await",
            "away",
            "ignore-term",
            "print",
            "all are here",
            "hang"
        );
        _workspace.WriteConfiguration("stubborn");
        return await _workspace.ServeAsync();
    }

    private static async Task<string> RunningAsync(ModelContextProtocol.Client.McpClient client)
    {
        var id = await client.StartRunAsync("stubborn");
        await client.PrintedAsync(id, "all are here");
        LoopWorkspace.Workers(id).Should().HaveCountGreaterThanOrEqualTo(3);
        return id;
    }

    private async Task InterruptedAsync(ModelContextProtocol.Client.McpClient client, string id)
    {
        var detail = await client.EndOfRunAsync(id);
        var run = detail;
        run.Text("state").Should().Be("interrupted");
        run.Text("reason").Should().Contain("its supervisor died").And.Contain("3 process(es) that it left behind were ended");
        LoopWorkspace.Workers(id).Should().BeEmpty();
        _workspace.Supervisors().Should().BeEmpty();
        _workspace.Rows(id).Should().HaveCount(2).And.ContainSingle(static row => row.Result == "interrupted");
        _workspace.Marks("starts").Should().Be(1);
        detail.Text("output_tail").Should().Contain("all are here");
    }
}
