using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>Whatever an agent does, its run ends and leaves nothing behind.</summary>
public sealed class LimitTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Deadline_EndsTheWholeTree_AlsoWhatIgnoresSignalsAndWhatLeftTheSession()
    {
        _workspace.AddCommand(
            "stubborn",
            "fork",
            "ignore-term mark stubborn hang",
            "setsid",
            "ignore-term mark away hang",
            "await",
            "stubborn",
            "await",
            "away",
            "ignore-term",
            "print",
            "all are here",
            "hang"
        );
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();

        // Long enough for four processes to come up on a busy machine; the wait for what they print says that they did.
        var id = await client.StartRunAsync("stubborn", ("timeout_seconds", 12));
        await client.PrintedAsync(id, "all are here");
        LoopWorkspace.Workers(id).Should().HaveCountGreaterThanOrEqualTo(3);
        var run = (await client.EndOfRunAsync(id));

        run.Text("state").Should().Be("timed_out");
        run.Text("reason").Should().Contain("12 s");
        LoopWorkspace.Workers(id).Should().BeEmpty();
        _workspace.Supervisors().Should().BeEmpty();
        _workspace.Outcome(id).GetRawText().Should().Contain("\"ended_processes\"", "the outcome counts them");
        _workspace.Rows(id)[1].Result.Should().Be("timed_out");
    }

    [Fact]
    public async Task Deadline_ComingClose_IsWarnedAboutAlsoWhereNoServerIsAliveThen()
    {
        _workspace.AddCommand("slow", "print", "up", "hang");
        _workspace.WriteConfiguration();
        var (server, client) = await _workspace.ServeAsync();
        var id = await client.StartRunAsync("slow", ("timeout_seconds", 3));
        await client.PrintedAsync(id, "up");
        server.Kill();
        await server.WaitForExitAsync();
        await Eventually.TrueAsync("the supervisor ends it at its limit", () => _workspace.Supervisors().Count == 0);

        var (next, reader) = await _workspace.ServeAsync();
        var detail = await reader.EndOfRunAsync(id);

        detail.Text("state").Should().Be("timed_out");
        var warning = detail
            .GetProperty("decisions")
            .EnumerateArray()
            .Should()
            .ContainSingle(static decision => decision.Text("text").StartsWith("warning: it has used 80 % of its time limit of 3 s"))
            .Subject;
        (warning.GetProperty("at").GetDateTimeOffset() - detail.GetProperty("started_at").GetDateTimeOffset())
            .Should()
            .BeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2.4))
            .And.BeLessThan(detail.GetProperty("ended_at").GetDateTimeOffset() - detail.GetProperty("started_at").GetDateTimeOffset());
        next.ErrorText.Should().Contain($"{id} has used 80 % of its time limit of 3 s");
    }

    [Fact]
    public async Task Deadline_OfAHaltedSupervisor_IsHeldAllTheSame()
    {
        _workspace.AddCommand("sly", "print", "up", "hang");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var id = await client.StartRunAsync("sly", ("timeout_seconds", 3));
        await client.PrintedAsync(id, "up");

        LinuxProcesses.Halt(_workspace.Supervisors());
        var run = await client.EndOfRunAsync(id);

        run.Text("state").Should().Be("timed_out");
        LoopWorkspace.Workers(id).Should().BeEmpty();
    }

    [Fact]
    public async Task Agent_ThatLeavesABackgroundChild_EndsWithoutIt()
    {
        _workspace.AddCommand("careless", "setsid", "mark away hang", "await", "away", "print", "I am done");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();

        var id = await client.StartRunAsync("careless");
        var run = (await client.EndOfRunAsync(id));

        run.Text("state").Should().Be("succeeded");
        run.Text("reason").Should().Contain("1 process(es) that it left behind were ended");
        LoopWorkspace.Workers(id).Should().BeEmpty();
    }

    [Fact]
    public async Task CancelRun_WithProcessesBelow_EndsTheWholeTree()
    {
        _workspace.AddCommand("endless", "setsid", "ignore-term mark away hang", "await", "away", "print", "all are here", "hang");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var id = await client.StartRunAsync("endless");
        await client.PrintedAsync(id, "all are here");

        await client.CallAsync("cancel_run", ("run_id", id), ("reason", "not needed any more"));

        var run = (await client.EndOfRunAsync(id));
        run.Text("state").Should().Be("cancelled");
        run.Text("reason").Should().Contain("not needed any more");
        LoopWorkspace.Workers(id).Should().BeEmpty();
        (await client.RefusalAsync("cancel_run", ("run_id", id))).Should().Contain("has ended already");
    }

    [Fact]
    public async Task Output_BeyondTheLimit_IsCountedAndDroppedAndTheRunGoesOn()
    {
        _workspace.Limits["outputBytes"] = 100_000;
        _workspace.AddCommand("loud", "print", "the beginning", "flood", "40", "print", "the end");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();

        var detail = await client.EndOfRunAsync(await client.StartRunAsync("loud"));

        var run = detail;
        run.Text("state").Should().Be("succeeded");
        var dropped = (40 * 1024 * 1024) + "the beginning\nthe end\n".Length - 100_000;
        run.Text("reason").Should().Contain($"{dropped} bytes of output beyond the limit were dropped");
        run.Text("summary").Should().EndWith("the end");
        var log = new FileInfo(_workspace.FullPath(detail.Text("output_file")));
        log.Length.Should().BeInRange(100_000, 100_200);
        File.ReadAllText(log.FullName).Should().StartWith("the beginning").And.Contain($"[{dropped} more bytes of output were dropped");
        new DirectoryInfo(_workspace.FullPath(".loop"))
            .EnumerateFiles("*", SearchOption.AllDirectories)
            .Sum(static file => file.Length)
            .Should()
            .BeLessThan(10 * 1024 * 1024);
    }

    [Fact]
    public async Task Silence_BeyondItsLimit_EndsTheRun()
    {
        _workspace.Limits["silenceSeconds"] = 2;
        _workspace.AddCommand("silent", "print", "my last words", "hang");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();

        var id = await client.StartRunAsync("silent");
        var run = (await client.EndOfRunAsync(id));

        run.Text("state").Should().Be("timed_out");
        run.Text("reason").Should().Contain("printed nothing more for 2 s");
        run.Text("summary").Should().Be("my last words");
        LoopWorkspace.Workers(id).Should().BeEmpty();
    }

    [Fact]
    public async Task Runs_BeyondTheLimitOfConcurrentOnes_WaitTheirTurn()
    {
        _workspace.Limits["concurrentRuns"] = 1;
        _workspace.AddCommand("first", "print", "here", "await", "go");
        _workspace.AddCommand("second", "print", "done");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var first = await client.StartRunAsync("first");
        await client.PrintedAsync(first, "here");

        var second = await client.StartRunAsync("second");

        var status = await client.CallAsync("get_status");
        status.GetProperty("queued")[0].Text("run_id").Should().Be(second);
        status.Lines("attention").Should().Contain("limits.concurrentRuns");
        _workspace.Supervisors().Should().ContainSingle();
        _workspace.Files.Write("go", string.Empty);
        (await client.EndOfRunAsync(second)).Text("state").Should().Be("succeeded");
        await Eventually.TrueAsync("both supervisors end", () => _workspace.Supervisors().Count == 0);
    }
}
