using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Output of a run that is read while it runs, and runs that asked for others.</summary>
public sealed class OutputDoorTests(ITestOutputHelper output) : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync() => default;

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task GetRun_WithACursor_AnswersWhatIsNew()
    {
        _workspace.AddCommand("slow", "print", "one", "await", "go", "print", "two");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var id = await client.StartRunAsync("slow");

        var first = await client.CallAsync("get_run", ("run_id", id), ("cursor", "0"), ("wait_seconds", 20));
        first.Text("output").Should().Be("one\n");
        first.Text("state").Should().Be("running");
        first.TryGetProperty("brief", out _).Should().BeFalse("the caller has it already");
        var none = await client.CallAsync("get_run", ("run_id", id), ("cursor", first.Text("next_cursor")));
        none.Text("output").Should().BeEmpty();
        none.Text("next_cursor").Should().Be(first.Text("next_cursor"));

        var waiting = client.CallAsync("get_run", ("run_id", id), ("cursor", first.Text("next_cursor")), ("wait_seconds", 20));
        _workspace.Files.Write("go", "");
        var second = await waiting;
        second.Text("output").Should().Be("two\n");
        await client.EndOfRunAsync(id);
        var rest = await client.CallAsync("get_run", ("run_id", id), ("cursor", "1:4"));
        rest.Text("output").Should().Be("two\n");
        rest.TryGetProperty("next_cursor", out _).Should().BeFalse("there will be no more");
        (await client.RefusalAsync("get_run", ("run_id", id), ("cursor", "later"))).Should().Contain("next_cursor");
    }

    // Of a preset, for its reader gets each line first, and then the log what another agent's gets.
    [Fact]
    public Task LongLine_LeavesMemoryAsItWas_AndTheRunGoesOn() => PrintAsync("claude", megabytes: 48);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [InlineData(null)]
    [InlineData("claude")]
    public Task LineOf300Megabytes_LeavesMemoryAsItWas_AndTheRunGoesOn(string? preset) => PrintAsync(preset, megabytes: 300);

    private async Task PrintAsync(string? preset, int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read in /proc.");
        _workspace.Limits["outputBytes"] = 100_000;
        _workspace.AddCli("loud", preset, "print", "ready", "await", "go", "line", $"{megabytes}", "mark", "printed", "await", "stop");
        _workspace.WriteConfiguration();
        var (server, client) = await _workspace.ServeAsync();
        var id = await client.StartRunAsync("loud");
        await client.PrintedAsync(id, "ready");
        int[] processes = [server.Id, .. _workspace.Supervisors()];
        processes.Should().HaveCount(2);
        var before = processes.Select(LinuxProcesses.MemoryOf).ToList();
        Array.ForEach(processes, LinuxProcesses.ForgetMostMemoryOf);

        _workspace.Files.Write("go", "");
        await Eventually.TrueAsync("everything is printed", () => _workspace.Marks("printed") == 1);
        await client.CallAsync("get_run", ("run_id", id));

        var growth = processes.Zip(before, static (process, earlier) => LinuxProcesses.PeakMemoryOf(process) - earlier).ToList();
        output.WriteLine($"growth of server and supervisor: {string.Join(", ", growth.Select(static bytes => bytes / 1024))} KiB");
        growth.Should().OnlyContain(static bytes => bytes < 16 * 1024 * 1024);
        _workspace.Files.Write("stop", "");
        var run = await client.EndOfRunAsync(id);
        run.Text("state").Should().Be(preset is null ? "succeeded" : "failed", "a program that always sends a result sent none");
        run.Text("reason")
            .Should()
            .Contain("it ended with exit code 0")
            .And.Contain($"{(megabytes * 1024 * 1024) + "ready\n".Length - 100_000} bytes of output beyond the limit were dropped");
    }

    [Fact]
    public async Task CancelRun_EndsWhatItAskedFor_AndTheTreeIsShown()
    {
        _workspace.AddCommand("endless", "setsid", "ignore-term mark away hang", "await", "away", "print", "here", "hang");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var parent = await client.StartRunAsync("endless");
        await client.PrintedAsync(parent, "here");
        var child = (
            await client.CallAsync("run_mode", ("mode", "code"), ("task", "A part."), ("agent", "endless"), ("parent_run_id", parent))
        ).Text("run_id");
        await client.PrintedAsync(child, "here");

        await client.CallAsync("cancel_run", ("run_id", parent));

        (await client.EndOfRunAsync(parent)).GetProperty("sub_runs")[0].Text("run_id").Should().Be(child);
        (await client.EndOfRunAsync(child)).Text("reason").Should().Contain($"the run that asked for it ({parent}) was cancelled");
        LoopWorkspace.Workers(parent).Should().BeEmpty();
        LoopWorkspace.Workers(child).Should().BeEmpty();
    }
}
