using System.Security.Cryptography;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>How agents get their work and how they tell what came of it.</summary>
public sealed class AgentDoorTests : IAsyncLifetime
{
    private const string Claude = "claude";
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Input_OfACli_IsTheStoredBrief()
    {
        _workspace.AddCli("reader", preset: null, "stdin");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();

        var detail = await client.EndOfRunAsync(await client.StartRunAsync("reader"));

        var run = detail;
        var brief = File.ReadAllBytes(_workspace.FullPath($".loop/runs/{run.Text("run_id")}/brief.md"));
        detail.Text("output_tail").Should().Contain($"stdin {Convert.ToHexString(SHA256.HashData(brief))}");
        run.Text("brief").Should().Contain("Be reader.").And.Contain(run.Text("run_id")).And.Contain("complete_run");
    }

    [Fact]
    public async Task Input_OfACommand_IsAtItsEnd()
    {
        _workspace.AddCommand("reader", "stdin");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();

        var detail = await client.EndOfRunAsync(await client.StartRunAsync("reader"));

        detail.Text("output_tail").Should().Contain($"stdin {Convert.ToHexString(SHA256.HashData([]))}");
    }

    [Fact]
    public async Task ClaudeEvents_ResultAndExitCode_DecideTogether()
    {
        (string Name, string Result, string ExitCode, string Expected)[] cases =
        [
            ("done", "success", "0", "succeeded"),
            ("sorry", "error", "0", "failed"),
            ("odd", "success", "3", "succeeded"),
        ];
        foreach (var (name, result, exitCode, _) in cases)
        {
            _workspace.AddCli(name, Claude, "say", Claude, "begin", "", "say", Claude, result, "This is what I did.", "exit", exitCode);
        }

        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        foreach (var (name, _, exitCode, expected) in cases)
        {
            var run = await client.EndOfRunAsync(await client.StartRunAsync(name));

            run.Text("state").Should().Be(expected, name);
            run.Text("summary").Should().Be("This is what I did.", name);
            run.GetProperty("cost_usd").GetDouble().Should().Be(0.0421, name);
            run.GetProperty("exit_code").GetInt32().ToString().Should().Be(exitCode, name);
            _workspace
                .Outcome(run.Text("run_id"))
                .GetRawText()
                .Should()
                .NotContain("none", "the preset gives a session id, which the result repeats");
        }
    }

    [Fact]
    public async Task ClaudeEvents_ResultThenHang_IsEndedAndJudgedByItsResult()
    {
        (string Name, string Result, string Expected)[] cases = [("done", "success", "succeeded"), ("sorry", "error", "failed")];
        foreach (var (name, result, _) in cases)
        {
            _workspace.AddCli(
                name,
                Claude,
                "say",
                Claude,
                "begin",
                "",
                "setsid",
                $"ignore-term mark {name}-away hang",
                "await",
                $"{name}-away",
                "say",
                Claude,
                result,
                "This is what I did.",
                "hang"
            );
        }

        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();

        // Side by side, for each waits for the time that a program has to end by itself after its result.
        var runs = await Task.WhenAll(
            cases.Select(async item => (item.Name, item.Expected, Id: await client.StartRunAsync(item.Name, ("timeout_seconds", 600))))
        );
        foreach (var (name, expected, id) in runs)
        {
            var run = await client.EndOfRunAsync(id);

            run.Text("state").Should().Be(expected, name);
            run.Text("reason").Should().Contain("gave its result but did not end", name);
            run.Text("summary").Should().Be("This is what I did.", name);
            LoopWorkspace.Workers(id).Should().BeEmpty(name);
        }
    }

    [Theory]
    [InlineData("succeeded", "7")]
    [InlineData("failed", "0")]
    public async Task CompleteRun_ByTheAgentItself_BeatsItsExitCode(string outcome, string exitCode)
    {
        _workspace.AddCli("peer", Claude, "say", Claude, "begin", "", "report", outcome, "I say so myself", "exit", exitCode);
        _workspace.WriteConfiguration();
        var (_, client) = await _workspace.ServeAsync();

        var detail = await client.EndOfRunAsync(await client.StartRunAsync("peer"));

        var run = detail;
        run.Text("state").Should().Be(outcome, detail.ToString());
        run.Text("summary").Should().Be("I say so myself");
        run.GetProperty("exit_code").GetInt32().ToString().Should().Be(exitCode);
        run.GetProperty("findings")[0].GetString().Should().Be("found by the dummy: I say so myself");
        _workspace.Files.Read("persistent-memory.md").Should().Contain("found by the dummy: I say so myself");
        _workspace.Rows(run.Text("run_id")).Should().HaveCount(2);
    }

    [Fact]
    public async Task RunMode_ByAnAgent_BecomesAChildOfItsRunAndAnotherProcessStartsIt()
    {
        _workspace.AddCli("parent", Claude, "ask", "debug", "child", "Do a part of it.", "await", "go", "say", Claude, "success", "Done.");
        _workspace.AddCommand("child", "mark", "starts");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();
        var parent = await client.StartRunAsync("parent", ("timeout_seconds", 600));

        var child = await Eventually.FindAsync("the child run", async () =>
        {
            var runs = (await client.CallAsync("list_runs"))
                .GetProperty("runs")
                .EnumerateArray()
                .Where(run => run.Text("run_id") != parent)
                .ToList();
            return runs.Count > 0 ? runs[0].Text("run_id") : null;
        });
        var run = (await client.EndOfRunAsync(child));

        run.Text("state").Should().Be("succeeded");
        run.Text("parent_run_id").Should().Be(parent);
        run.GetProperty("timeout_seconds").GetInt32().Should().BeLessThanOrEqualTo(300, "a child gets half of what its parent has left");
        _workspace.Marks("starts").Should().Be(1);
        _workspace.Files.Write("go", string.Empty);
        (await client.EndOfRunAsync(parent)).Text("state").Should().Be("succeeded");
        (await client.RefusalAsync("run_mode", ("mode", "code"), ("task", "late"), ("parent_run_id", parent)))
            .Should()
            .Contain("is succeeded");
    }

    [Fact]
    public async Task RunMode_WithWait_AnswersWithTheEnd()
    {
        _workspace.AddCommand("quick", "print", "done", "exit", "4");
        _workspace.WriteConfiguration();
        var client = await _workspace.ServeHereAsync();

        var run = await client.CallAsync("run_mode", ("mode", "code"), ("task", "x"), ("agent", "quick"), ("wait_seconds", 50));

        run.Text("state").Should().Be("failed");
        run.GetProperty("exit_code").GetInt32().Should().Be(4);
        run.Text("reason").Should().Contain("exit code 4");
    }

    [Fact]
    public async Task Run_OfAStdioServer_SurvivesTheEndOfItsClient()
    {
        _workspace.AddCommand("worker", "print", "here", "await", "go", "print", "and done");
        _workspace.WriteConfiguration();
        var server = _workspace.StartStdio("--trust-workspace");
        var client = await _workspace.ConnectAsync(server);
        var id = await client.StartRunAsync("worker");
        await client.PrintedAsync(id, "here");

        server.Input.Close();
        (await server.WaitForExitAsync()).Should().Be(0);

        LoopWorkspace.Workers(id).Should().ContainSingle();
        _workspace.Files.Write("go", string.Empty);
        await Eventually.TrueAsync("the supervisor ends by itself", () => _workspace.Supervisors().Count == 0);
        var next = await _workspace.ConnectAsync(_workspace.StartStdio());
        var detail = await next.EndOfRunAsync(id);
        detail.Text("state").Should().Be("succeeded");
        detail.Text("output_tail").Should().Be("here\nand done\n");
        _workspace.Rows(id).Should().HaveCount(2);
    }
}
