using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Mcp.Tests.Cli;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>The database is destroyed while a run goes on; the next server finds the run again.</summary>
public sealed class DamagedStateTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Database_Overwritten_RunIsAdoptedAndItsScheduleFiresNotAgain()
    {
        _workspace.AddCommand("worker", "mark", "starts", "print", "before the damage", "await", "go", "print", "after the damage");
        _workspace.WriteConfiguration("worker");
        _workspace.WriteSchedules(LoopWorkspace.DueNow("work"));
        var (server, client) = await _workspace.ServeAsync();
        var id = await client.RunOfScheduleAsync("work");
        await client.PrintedAsync(id, "before the damage");
        var supervisor = _workspace.Supervisors().Should().ContainSingle().Subject;
        server.Kill();
        await server.WaitForExitAsync();
        await File.WriteAllBytesAsync(
            _workspace.FullPath(".loop/state.db"),
            [.. Enumerable.Range(0, 50_000).Select(static i => (byte)(i * 37))],
            TestContext.Current.CancellationToken
        );
        (await InfoAsync()).Should().Contain("damaged").And.Contain("not a database");

        var (next, nextClient) = await _workspace.ServeAsync();
        (await nextClient.CallAsync("get_run", ("run_id", id))).Text("state").Should().Be("running");
        var status = await nextClient.CallAsync("get_status");
        status
            .Lines("attention")
            .Should()
            .Contain("state database was damaged (the file is not a database")
            .And.Contain("1 run(s), 1 of them going on")
            .And.Contain("pause again what was paused");
        next.ErrorText.Should().Contain("The state database was damaged");
        _workspace.Supervisors().Should().Equal(supervisor);
        _workspace.Files.Write("go", string.Empty);

        var detail = await nextClient.EndOfRunAsync(id);
        detail.Text("state").Should().Be("succeeded");
        detail.GetProperty("attempt").GetInt32().Should().Be(1);
        detail.Text("output_tail").Should().Be("before the damage\nafter the damage\n");
        detail.GetRawText().Should().Contain("rebuilt from its folder");
        _workspace.Marks("starts").Should().Be(1);
        _workspace.Rows(id).Select(static row => row.Result).Should().Equal("started", "completed");
        (await _workspace.LedgerAsync())
            .Should()
            .ContainSingle()
            .Which.Should()
            .Match<Occurrence>(row => row.Outcome == OccurrenceOutcome.Started && row.RunId == id);
        (await InfoAsync()).Should().Contain("was rebuilt");
    }

    [Fact]
    public async Task Database_RemovedUnderTwoServers_BothGoOnWithTheNewOne()
    {
        _workspace.AddCommand("worker", "mark", "starts", "await", "go");
        _workspace.WriteConfiguration("worker");
        _workspace.WriteSchedules(LoopWorkspace.DueNow("work"));
        var (_, first) = await _workspace.ServeAsync();
        var (_, second) = await _workspace.ServeAsync();
        var id = await first.RunOfScheduleAsync("work");
        await second.CallAsync("get_run", ("run_id", id));
        foreach (var file in (string[])["state.db", "state.db-wal", "state.db-shm"])
        {
            File.Delete(_workspace.FullPath($".loop/{file}"));
        }

        // A third process finds it missing and asks the two to let go.
        var (_, third) = await _workspace.ServeAsync();

        (
            await Eventually.FindAsync("the run in the new database", async () =>
                (await third.TryCallAsync("get_run", [("run_id", id)])) is { IsError: not true } found ? found : null
            )
        )
            .StructuredContent!.Value.Text("state")
            .Should()
            .Be("running");
        await Eventually.TrueAsync("all three are servers of the new database", () =>
            third.CallAsync("get_status").GetAwaiter().GetResult().GetProperty("servers").GetArrayLength() == 3
        );
        _workspace.Files.Write("go", string.Empty);
        (await first.EndOfRunAsync(id)).Text("state").Should().Be("succeeded");
        (await second.CallAsync("get_run", ("run_id", id))).Text("state").Should().Be("succeeded");
        _workspace.Marks("starts").Should().Be(1);
    }

    [Fact]
    public async Task StateFolder_RemovedUnderAServer_IsPutBackAndToldAndACommandMakesNoOther()
    {
        _workspace.AddCommand("worker", "mark", "starts");
        _workspace.WriteConfiguration("worker");
        _workspace.WriteSchedules(LoopWorkspace.DueNow("work"));
        var (server, client) = await _workspace.ServeAsync();
        var id = await client.RunOfScheduleAsync("work");
        await client.EndOfRunAsync(id);

        // While the server is halted it cannot have put anything back.
        LinuxProcesses.Halt([server.Id]);
        await RemoveStateAsync();
        var refused = await _workspace.CommandAsync("pause", "work");

        refused.ExitCode.Should().NotBe(0);
        refused.Error.Should().Contain($"was removed while process {server.Id} works with it");
        File.Exists(_workspace.FullPath(".loop/state.db")).Should().BeFalse("the server still has the one that counts");
        LinuxProcesses.Continue([server.Id]);

        (await client.CallAsync("get_status")).Lines("attention").Should().Contain(".loop was removed");
        (await client.CallAsync("get_run", ("run_id", id))).Text("state").Should().Be("succeeded");
        (await InfoAsync()).Should().Contain(".loop was removed");
        (await _workspace.CommandAsync("pause", "work")).ExitCode.Should().Be(0);
        _workspace.Marks("starts").Should().Be(1);
        (await _workspace.LedgerAsync()).Should().ContainSingle().Which.RunId.Should().Be(id);
    }

    // The supervisor of the ended run may still put its last file there, which makes one attempt at removing the folder fail.
    private Task RemoveStateAsync() => Eventually.TrueAsync(".loop is removed", () =>
        {
            try
            {
                Directory.Delete(_workspace.FullPath(".loop"), recursive: true);
                return true;
            }
            catch (IOException)
            {
                return !Directory.Exists(_workspace.FullPath(".loop"));
            }
        });

    private async Task<string> InfoAsync()
    {
        var result = await CommandLineHere.RunAsync("--workspace", _workspace.Root, "--mode", "stdio", "--info");
        result.ExitCode.Should().Be(5, "a damaged database keeps no server from starting, and somebody should know");
        return result.Output;
    }
}
