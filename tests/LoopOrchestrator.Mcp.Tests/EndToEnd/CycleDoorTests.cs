using System.Text.Json;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Clients;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>
/// Cycles as a client sees them: they begin by themselves, tell their story, are ended, and what they changed is taken back.
/// </summary>
public sealed class CycleDoorTests : IAsyncLifetime
{
    private const string Toolsets = "default,cycles";
    private static readonly string[] Arguments = ["--trust-workspace", "--toolsets", Toolsets];
    private readonly LoopWorkspace _workspace = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc, and agents are shell commands.");
        _workspace.Files.Write("code.txt", "wrong\n");
        _workspace.Files.Write("notes.txt", "mine\n");
        _workspace.AddShell("writer", "echo right > code.txt; mkdir -p made; echo new > made/new.txt");
        _workspace.WriteWorkflow("writer", "grep -q right code.txt");
        await GitCalls.InitialiseGitAsync(_workspace.Root);
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Theory]
    [InlineData("http")]
    [InlineData("stdio", Explicit = true, Traits = ["kind", "soak"])]
    public async Task Schedule_WithModeOrchestrator_StartsACycleAndTheToolsTellOfIt(string mode)
    {
        _workspace.WriteSchedules(LoopWorkspace.DueNow("work", mode: "orchestrator"));
        var client = await ConnectAsync(mode);
        var id = await client.OnlyCycleAsync();

        var cycle = await client.EndOfCycleAsync(id);

        cycle.Text("state").Should().Be("succeeded");
        cycle.Text("workflow").Should().Be("default");
        cycle.Text("schedule_id").Should().Be("work");
        cycle.Text("task").Should().Be("Do the work of work.");
        cycle.GetProperty("has_effect").GetBoolean().Should().BeTrue();
        cycle
            .Items()
            .Select(static item => $"{item.Text("stage")} {item.Text("kind")} {item.Text("name")} {item.Text("state")}")
            .Should()
            .Equal("implementation step write passed", "validation gate check passed");
        cycle.Items()[0].Lines("changed_files").Should().Be("M code.txt\nA made/new.txt");
        cycle
            .Story()
            .Should()
            .Contain("stage 'implementation' is done; stage 'validation' begins")
            .And.Contain("gate 'check' of stage 'validation' passed")
            .And.Contain("all 2 stages of workflow 'default' passed");
        var row = (await client.CallAsync("list_cycles", ("schedule_id", "work"), ("state", "succeeded"))).GetProperty("cycles")[0];
        row.Text("cycle_id").Should().Be(id);
        row.GetProperty("files_changed").GetInt32().Should().Be(2);
        (await client.CallAsync("list_cycles", ("state", "failed"))).GetProperty("cycles").GetArrayLength().Should().Be(0);
        (await client.CallAsync("get_run", ("run_id", id))).Text("agent").Should().Be("default");
        _workspace.Rows(id).Should().HaveCount(2).And.ContainSingle(static timed => timed.Result == "completed");
        _workspace.Files.Read("persistent-memory.md").Should().Contain("Cycle of workflow 'default'");
    }

    [Fact]
    public async Task RunMode_WithModeOrchestrator_StartsACycleWhichTakesNoReportAndIsNoOtherRun()
    {
        var client = await _workspace.ServeHereAsync(Toolsets);

        var run = await client.CallAsync("run_mode", ("mode", "orchestrator"), ("task", "Make it right."), ("wait_seconds", 50));

        run.Text("state").Should().Be("succeeded");
        run.TryGetProperty("brief", out _).Should().BeFalse("nothing is handed over");
        var id = run.Text("run_id");
        (await client.OnlyCycleAsync()).Should().Be(id);
        (await client.RefusalAsync("complete_run", ("run_id", id), ("outcome", "succeeded"), ("summary", "Done.")))
            .Should()
            .Contain("is a cycle")
            .And.Contain("get_run");
        (await client.RefusalAsync("claim_run", ("run_id", id))).Should().Contain("cannot be claimed");
        var single = await client.StartRunAsync("writer");
        await client.EndOfRunAsync(single);
        await CheckRefusalsAsync(client, id, single);
    }

    // What is no cycle is refused, with what to do.
    private static async Task CheckRefusalsAsync(McpClient client, string cycle, string single)
    {
        var step = (await client.CallAsync("get_cycle", ("cycle_id", cycle))).Items()[0].Text("run_id");
        foreach (var tool in (string[])["get_cycle", "cancel_cycle"])
        {
            (await client.RefusalAsync(tool, ("cycle_id", "run-none")))
                .Should()
                .Contain("There is no run 'run-none'")
                .And.Contain("list_runs");
            (await client.RefusalAsync(tool, ("cycle_id", "../../etc"))).Should().Contain("There is no run");
            (await client.RefusalAsync(tool, ("cycle_id", single))).Should().Contain("is no cycle").And.Contain("list_cycles");
        }

        (await client.RefusalAsync("get_cycle", ("cycle_id", step))).Should().Contain(cycle);
        (await client.RefusalAsync("cancel_cycle", ("cycle_id", cycle))).Should().Contain("has ended already");
        (await client.RefusalAsync("rollback_run", ("run_id", "run-none")))
            .Should()
            .Contain("There is no run 'run-none'")
            .And.Contain("list_cycles");
        (await client.RefusalAsync("rollback_run", ("run_id", single))).Should().Contain("neither a cycle nor a step").And.Contain("git");
        (await client.RefusalAsync("list_cycles", ("cursor", "nonsense"))).Should().Contain("next_cursor");
    }

    [Theory]
    [InlineData("http", ProtocolEra.Initialize)]
    [InlineData("http", ProtocolEra.Stateless, Explicit = true, Traits = ["kind", "soak"])]
    [InlineData("stdio", ProtocolEra.Initialize, Explicit = true, Traits = ["kind", "soak"])]
    [InlineData("stdio", ProtocolEra.Stateless)]
    public async Task Resource_IsTheCycle_InEitherEra(string mode, string era)
    {
        var client = await ConnectAsync(mode, era);
        (await client.ListResourceTemplatesAsync(cancellationToken: Cancellation))
            .Select(static template => template.UriTemplate)
            .Should()
            .Contain("loop://cycles/{id}");
        var id = (await client.CallAsync("run_mode", ("mode", "orchestrator"), ("task", "Make it right."), ("wait_seconds", 50))).Text(
            "run_id"
        );

        var read = await client.ReadResourceAsync($"loop://cycles/{id}", cancellationToken: Cancellation);

        var text = read.Contents.Should().ContainSingle().Which.Should().BeOfType<TextResourceContents>().Subject;
        text.MimeType.Should().Be("application/json");
        text.Uri.Should().Be($"loop://cycles/{id}");
        using var document = JsonDocument.Parse(text.Text);
        JsonElement
            .DeepEquals(document.RootElement, await client.CallAsync("get_cycle", ("cycle_id", id)))
            .Should()
            .BeTrue($"it is what get_cycle answers: {text.Text}");
        var missing = async () => await client.ReadResourceAsync("loop://cycles/run-none", cancellationToken: Cancellation);
        var refusal = (await missing.Should().ThrowAsync<McpProtocolException>()).Which;
        refusal.Message.Should().Contain("There is no run 'run-none'");
        refusal.ErrorCode.Should().Be(era == ProtocolEra.Stateless ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound);
    }

    [Theory]
    [InlineData("http", Explicit = true, Traits = ["kind", "soak"])]
    [InlineData("stdio")]
    public async Task CancelCycle_WhileAStepHangs_EndsItsProcesses(string mode)
    {
        _workspace.AddCommand("stubborn", "setsid", "ignore-term mark away hang", "await", "away", "print", "here", "ignore-term", "hang");
        _workspace.WriteWorkflow("stubborn", "touch gate-ran");
        var client = await ConnectAsync(mode);
        var id = (await client.CallAsync("run_mode", ("mode", "orchestrator"), ("task", "Hang."))).Text("run_id");
        var step = await StepAsync(client, id);
        await client.PrintedAsync(step, "here");
        LoopWorkspace.Workers(step).Should().HaveCountGreaterThanOrEqualTo(2);
        (await client.RefusalAsync("rollback_run", ("run_id", id))).Should().Contain("goes on").And.Contain("cancel_cycle");

        var told = await client.CallAsync("cancel_cycle", ("cycle_id", id), ("reason", "changed my mind"));

        told.Text("state").Should().BeOneOf("running", "cancelled");
        var cycle = await client.EndOfCycleAsync(id);
        cycle.Text("state").Should().Be("cancelled");
        cycle.Text("reason").Should().Be("changed my mind");
        cycle.Items().Should().ContainSingle().Which.Text("state").Should().Be("cancelled");
        (await client.EndOfRunAsync(step)).Text("state").Should().Be("cancelled");
        LoopWorkspace.Workers(step).Should().BeEmpty();
        _workspace.Supervisors().Should().BeEmpty();
        File.Exists(_workspace.FullPath("gate-ran")).Should().BeFalse();
        _workspace.Rows(step).Should().HaveCount(2);
        _workspace.Rows(id).Should().HaveCount(2).And.ContainSingle(static row => row.Result == "cancelled");
    }

    [Fact]
    public async Task CancelCycle_WhileAGateHangs_EndsItsProcesses()
    {
        _workspace.WriteWorkflow("writer", "touch gate-runs; sleep 1000");
        var client = await _workspace.ServeHereAsync(Toolsets);
        var id = (await client.CallAsync("run_mode", ("mode", "orchestrator"), ("task", "Hang."))).Text("run_id");
        await Eventually.TrueAsync("the gate runs", () => File.Exists(_workspace.FullPath("gate-runs")));

        await client.CallAsync("cancel_cycle", ("cycle_id", id));

        var cycle = await client.EndOfCycleAsync(id);
        cycle.Text("state").Should().Be("cancelled");
        cycle.Items()[^1].Text("state").Should().Be("cancelled");
        _workspace.Supervisors().Should().BeEmpty();
        _workspace.Workers().Should().BeEmpty();
        LoopOrchestrator.Testing.Processes.LinuxProcesses.WithVariable("LOOP_CYCLE_ID", id).Should().BeEmpty();
    }

    [Fact]
    public async Task RollbackRun_ListsThenTakesBack_AndLeavesTheRestAlone()
    {
        _workspace.Files.Write("notes.txt", "mine, changed\n");
        _workspace.Files.Write("staged.txt", "staged\n");
        await GitCalls.GitAsync(_workspace.Root, "add", "staged.txt");
        var client = await _workspace.ServeHereAsync(Toolsets);
        var id = (await client.CallAsync("run_mode", ("mode", "orchestrator"), ("task", "Make it right."), ("wait_seconds", 50))).Text(
            "run_id"
        );
        _workspace.Files.Read("code.txt").Should().Be("right\n");
        _workspace.Files.Write("late.txt", "after the cycle\n");
        var status = await GitCalls.GitAsync(_workspace.Root, "diff", "--cached", "--name-status");

        var plan = await client.CallAsync("rollback_run", ("run_id", id));

        plan.GetProperty("applied").GetBoolean().Should().BeFalse();
        Files(plan).Should().BeEquivalentTo("restore code.txt", "remove made/new.txt");
        plan.Text("next").Should().Contain("dry_run false");
        _workspace.Files.Read("code.txt").Should().Be("right\n", "nothing is changed by a dry run");

        var done = await client.CallAsync("rollback_run", ("run_id", id), ("dry_run", false));

        done.GetProperty("applied").GetBoolean().Should().BeTrue();
        done.GetProperty("verified").GetBoolean().Should().BeTrue();
        done.Text("safety_checkpoint").Should().NotBeEmpty();
        _workspace.Files.Read("code.txt").Should().Be("wrong\n");
        File.Exists(_workspace.FullPath("made/new.txt")).Should().BeFalse();
        _workspace.Files.Read("notes.txt").Should().Be("mine, changed\n");
        _workspace.Files.Read("staged.txt").Should().Be("staged\n");
        _workspace.Files.Read("late.txt").Should().Be("after the cycle\n");
        (await GitCalls.GitAsync(_workspace.Root, "diff", "--cached", "--name-status")).Should().Be(status);
        var again = await client.CallAsync("rollback_run", ("run_id", id));
        again.Text("next").Should().Contain("nothing to roll back");
    }

    [Fact]
    public async Task RollbackRun_OfAFileThatWasChangedSince_IsAConflictThatIsLeftAlone()
    {
        var client = await _workspace.ServeHereAsync(Toolsets);
        var id = (await client.CallAsync("run_mode", ("mode", "orchestrator"), ("task", "Make it right."), ("wait_seconds", 50))).Text(
            "run_id"
        );
        var step = (await client.CallAsync("get_cycle", ("cycle_id", id))).Items()[0].Text("run_id");
        _workspace.Files.Write("code.txt", "right, and better by hand\n");

        var plan = await client.CallAsync("rollback_run", ("run_id", step));
        var refusal = await client.RefusalAsync("rollback_run", ("run_id", step), ("dry_run", false));

        Files(plan).Should().BeEquivalentTo("conflict code.txt", "remove made/new.txt");
        plan.Text("next").Should().Contain("skip_conflicts");
        refusal.Should().Contain("code.txt");
        File.Exists(_workspace.FullPath("made/new.txt")).Should().BeTrue("it is all or nothing");
        var done = await client.CallAsync("rollback_run", ("run_id", step), ("dry_run", false), ("skip_conflicts", true));
        done.GetProperty("verified").GetBoolean().Should().BeTrue();
        _workspace.Files.Read("code.txt").Should().Be("right, and better by hand\n");
        File.Exists(_workspace.FullPath("made/new.txt")).Should().BeFalse();
    }

    [Fact]
    public async Task Tools_WithoutTheirToolset_AreNotListed()
    {
        string[] tools = ["get_cycle", "list_cycles", "cancel_cycle", "rollback_run"];
        var without = await _workspace.ConnectAsync(_workspace.StartStdio());
        var with = await _workspace.ServeHereAsync(Toolsets);

        (await without.ListToolsAsync(cancellationToken: Cancellation))
            .Select(static tool => tool.Name)
            .Should()
            .NotContain(tools)
            .And.Contain("get_run");
        (await with.ListToolsAsync(cancellationToken: Cancellation))
            .Select(static tool => tool.Name)
            .Should()
            .Contain(tools)
            .And.Contain("get_run");
    }

    private async Task<McpClient> ConnectAsync(string mode, string era = ProtocolEra.Stateless)
    {
        var server = mode == "http" ? await _workspace.StartHttpAsync(Arguments) : _workspace.StartStdio(Arguments);
        return _workspace.Keep(
            mode == "http"
                ? await server.ConnectHttpAsync(era, token: null, Cancellation)
                : await server.ConnectStdioAsync(era, Cancellation)
        );
    }

    // A cycle that is asked for has not begun yet.
    private static async Task<string> StepAsync(McpClient client, string id)
    {
        (await client.OnlyCycleAsync()).Should().Be(id);
        return await client.RunningStepAsync(id);
    }

    private static IEnumerable<string> Files(JsonElement answer) =>
        answer
            .GetProperty("files")
            .EnumerateArray()
            .Select(static file => $"{file.Text("action")} {file.Text("path")}")
            .Where(static file => !file.StartsWith("left ", StringComparison.Ordinal));
}
