using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>
/// One cycle with a rework, whose server is killed whenever the cycle has come further: each next one has to go on where the last one was
/// and do nothing twice. What was started is told by the programs themselves, in a file that no server knows of.
/// </summary>
public sealed class CycleKillTests : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();
    private readonly TemporaryFolder _outside = new();

    private string Started => Path.Combine(_outside.FullPath, "started");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc, and agents are shell commands.");
        _workspace.Files.Write("code.txt", "nothing\n");
        _workspace.Limits["runsPerHour"] = 1000;
        _workspace.AddShell(
            "coder",
            $"echo run $LOOP_RUN_ID >> {Started}; case $(cat) in *'half is not enough'*) echo whole > code.txt;; *) echo "
                + "half > code.txt;; esac"
        );
        _workspace.AddShell("reader", $"echo run $LOOP_RUN_ID >> {Started}; cat > /dev/null; echo read");
        _workspace.More["workflows"] = JsonNode.Parse(
            $$"""
            { "default": { "stages": [
              { "stage": "implementation", "steps": [ { "name": "write", "mode": "implementation-core", "agent": "coder" } ] },
              { "stage": "validation", "gates": [ { "name": "check", "command": ["sh", "-c", "echo gate ${LOOP_CHECK_ID%-*} >> {{Started}}; grep -q whole code.txt || { echo half is not enough; exit 1; }"], "timeoutSeconds": 60 } ] },
              { "stage": "quality", "steps": [ { "name": "look", "mode": "quality-functional", "agent": "reader" } ] },
              { "stage": "integration", "steps": [ { "name": "commit", "mode": "integration-commit", "agent": "commits" } ] } ],
              "maxReworks": 2 } }
            """
        );
        _workspace.WriteConfiguration();
        await GitCalls.InitialiseGitAsync(_workspace.Root);
        _workspace.Files.Write("notes.txt", "mine\n");
    }

    public async ValueTask DisposeAsync()
    {
        await _workspace.DisposeAsync();
        _outside.Dispose();
    }

    // The same rules hold with and without the supervisors; each kill costs a start of the server.
    [Fact]
    public Task Server_KilledWhereverTheCycleHasComeTo_TheCycleEndsAsIfNothingHadHappened() =>
        KillAsync(nowAndThenWithItsSupervisors: true, maxKills: 5, maxSkipped: 3, Seeds.Daily);

    [Theory(Explicit = true)]
    [Trait("kind", "soak")]
    [InlineData(false)]
    [InlineData(true)]
    public Task Server_KilledBehindEveryDecision_TheCycleEndsAsIfNothingHadHappened(bool nowAndThenWithItsSupervisors) =>
        KillAsync(nowAndThenWithItsSupervisors, maxKills: 100, maxSkipped: 0, Seeds.Draw());

    private async Task KillAsync(bool nowAndThenWithItsSupervisors, int maxKills, int maxSkipped, int seed)
    {
        var random = new Random(seed);
        var story = new CycleStoryReader(Path.Combine(_workspace.Root, ".loop", "state.db"));
        var kills = new List<string>();
        var (decisions, supervisors) = (0, 0);
        _workspace.WriteSchedules(LoopWorkspace.DueNow("work", mode: "orchestrator"));
        while (kills.Count < maxKills)
        {
            var server = _workspace.StartStdio("--trust-workspace");
            var now = await story.WaitForMoreAsync(decisions + random.Next(0, maxSkipped + 1));
            if (now.HasEnded)
            {
                break;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 30)), TimeProvider.System, TestContext.Current.CancellationToken);
            decisions = now.Decisions;

            // A step whose supervisor was killed is begun anew, and not for ever.
            var with = nowAndThenWithItsSupervisors && supervisors < 2 && random.Next(3) == 0 ? _workspace.Supervisors() : [];
            supervisors += with.Count;
            LinuxProcesses.Kill([.. with, server.Id]);
            await server.WaitForExitAsync();
            kills.Add($"{decisions}{(with.Count > 0 ? "s" : "")}");
        }

        var client = await _workspace.ServeHereAsync("default,cycles");
        var cycle = await client.EndOfCycleAsync(await client.OnlyCycleAsync());
        var points = $"seed {seed}, killed behind decisions {string.Join(' ', kills)}:\n{cycle.Story()}\n{cycle.GetProperty("items")}";
        TestContext.Current.SendDiagnosticMessage(points);
        kills.Count.Should().BeGreaterThan(4, points);
        cycle.Text("state").Should().Be("succeeded", points);
        cycle.GetProperty("reworks").GetInt32().Should().Be(1, points);
        var expected = (string[])["write passed", "check failed", "write passed", "check passed", "look passed", "commit passed"];
        cycle
            .Items()
            .Where(static item => item.Text("state") != "interrupted")
            .Select(static item => $"{item.Text("name")} {item.Text("state")}")
            .Should()
            .Equal(expected, points);
        cycle.Items().Count(static item => item.Text("state") == "interrupted").Should().BeLessThanOrEqualTo(supervisors, points);
        CheckWhatWasStarted(cycle, points);
        await CheckRunsAsync(client, cycle, points);
        await CheckBooksAsync(cycle.Text("cycle_id"), points);
        await CheckWorkTreeAsync(points);
    }

    // Each item that is recorded as done had its program started once; one that was interrupted perhaps not at all.
    private void CheckWhatWasStarted(JsonElement cycle, string points)
    {
        var started = File.ReadAllLines(Started);
        started.Should().OnlyHaveUniqueItems(points);
        var scripted = cycle
            .Items()
            .Where(static item => item.Text("name") != "commit")
            .Select(item =>
                (
                    Line: item.Text("kind") == "gate"
                        ? $"gate {cycle.Text("cycle_id")}-{item.GetProperty("number").GetInt32()}"
                        : $"run {item.Text("run_id")}",
                    IsDone: item.Text("state") != "interrupted"
                )
            )
            .ToList();
        started
            .Should()
            .BeSubsetOf(scripted.Select(static item => item.Line), points)
            .And.Contain(scripted.Where(static item => item.IsDone).Select(static item => item.Line), points);
    }

    private async Task CheckRunsAsync(ModelContextProtocol.Client.McpClient client, JsonElement cycle, string points)
    {
        foreach (var item in cycle.Items().Where(static item => item.Text("kind") == "step"))
        {
            var run = await client.CallAsync("get_run", ("run_id", item.Text("run_id")));
            run.Text("state").Should().Be(item.Text("state") == "passed" ? "succeeded" : "interrupted", points);
            run.GetProperty("attempt").GetInt32().Should().BeLessThanOrEqualTo(1, points);
            run.Story()
                .Split('\n')
                .Count(static text =>
                    text.StartsWith("succeeded:", StringComparison.Ordinal) || text.StartsWith("interrupted:", StringComparison.Ordinal)
                )
                .Should()
                .BeLessThanOrEqualTo(1, $"it ends once; {run.Story()}; {points}");
            _workspace.Rows(item.Text("run_id")).Should().HaveCount(2, points).And.ContainSingle(static row => row.EndTime == null, points);
        }

        (await client.CallAsync("list_runs", ("limit", 200)))
            .GetProperty("runs")
            .GetArrayLength()
            .Should()
            .Be(1 + cycle.Items().Count(static item => item.Text("kind") == "step"), $"no run is of nobody; {points}");
    }

    private async Task CheckBooksAsync(string id, string points)
    {
        (await _workspace.LedgerAsync()).Should().ContainSingle(points).Which.Outcome.Should().Be(OccurrenceOutcome.Started, points);
        _workspace.Rows(id).Should().HaveCount(2, points).And.ContainSingle(static row => row.Result == "completed", points);
        _workspace
            .Files.Read("persistent-memory.md")
            .Split("Cycle of workflow 'default'")
            .Should()
            .HaveCount(2, $"one entry tells of it; {points}");
        _workspace.Supervisors().Should().BeEmpty(points);
        _workspace.Workers().Should().BeEmpty(points);
        File.Exists(Path.Combine(_workspace.Root, ".git", "index.lock")).Should().BeFalse(points);
    }

    private async Task CheckWorkTreeAsync(string points)
    {
        _workspace.Files.Read("code.txt").Should().Be("whole\n", points);
        _workspace.Files.Read("notes.txt").Should().Be("mine\n", points);
        (await GitCalls.GitAsync(_workspace.Root, "show", "HEAD:code.txt")).Should().Be("whole\n", points);
        (await GitCalls.GitAsync(_workspace.Root, "log", "--format=%H", "--", "code.txt"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Should()
            .HaveCount(2, $"it was committed once; {points}");
        (await GitCalls.GitAsync(_workspace.Root, "status", "--porcelain", "code.txt", "notes.txt"))
            .Should()
            .Be("?? notes.txt\n", $"the user's own file is nobody's; {points}");
    }
}
