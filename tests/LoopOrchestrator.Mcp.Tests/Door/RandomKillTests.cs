using LoopOrchestrator.Core.Scheduling;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Door;

/// <summary>The server is killed at moments that nobody chose, again and again; at the end the books have to balance.</summary>
public sealed class RandomKillTests : IAsyncLifetime
{
    private const int Rounds = 15;
    private readonly LoopWorkspace _workspace = new();

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public async Task Server_KilledAtAnyMoment_EachRunEndsOnceAndEachOccurrenceHasOneOutcome()
    {
        var seed = Random.Shared.Next();
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        _workspace.AddCommand("worker", "print", "working", "sleep", "0.2");
        _workspace.WriteConfiguration("worker");
        var ids = new List<string>();
        for (var round = 0; round < Rounds; round++)
        {
            var server = await _workspace.StartHttpAsync("--trust-workspace");
            for (var added = 0; added < 2; added++)
            {
                ids.Add($"s{round}-{added}");
            }

            _workspace.WriteSchedules([.. ids.Select(static id => LoopWorkspace.DueNow(id))]);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 400)), TimeProvider.System, TestContext.Current.CancellationToken);
            server.Kill();
            await server.WaitForExitAsync();
        }

        var (_, client) = await _workspace.ServeAsync();
        await Eventually.FindAsync("every occurrence has its outcome and every run its end", async () =>
        {
            var status = await client.CallAsync("get_status");
            var open = status.GetProperty("running").GetArrayLength() + status.GetProperty("queued").GetArrayLength() + status.GetProperty("finalization_pending").GetArrayLength();
            return open == 0 && (await _workspace.LedgerAsync()).Count == ids.Count ? "done" : null;
        });

        var ledger = await _workspace.LedgerAsync();
        ledger.Should().OnlyContain(static row => row.Outcome == OccurrenceOutcome.Started && row.RunId != null && row.Count == 1, $"seed {seed}");
        ledger.Select(static row => row.ScheduleId).Should().BeEquivalentTo(ids, $"seed {seed}");
        ledger.Select(static row => row.RunId).Should().OnlyHaveUniqueItems();
        var runs = (await client.CallAsync("list_runs", ("limit", 200))).GetProperty("runs").EnumerateArray().ToList();
        runs.Select(static run => run.Text("run_id")).Should().BeEquivalentTo(ledger.Select(static row => row.RunId), $"seed {seed}");
        foreach (var run in runs)
        {
            var id = run.Text("run_id");
            run.Text("state").Should().BeOneOf("succeeded", "interrupted");
            var detail = await client.CallAsync("get_run", ("run_id", id));
            detail.GetProperty("attempt").GetInt32().Should().Be(1);
            var rows = _workspace.Rows(id);
            if (rows.Count == 0)
            {
                // Killed after it had taken the run and before the start row: then nothing may have been done for it either.
                run.Text("state").Should().Be("interrupted", $"{id} has no rows, seed {seed}");
                File.Exists(_workspace.FullPath($".loop/runs/{id}/order.json")).Should().BeFalse($"no work without a start row: {id}, seed {seed}");
            }
            else
            {
                rows.Should().HaveCount(2, $"a start row and a closing row belong to {id} ({run.Text("state")}: {run.Text("reason")}), seed {seed}");
                rows.Should().ContainSingle(static row => row.EndTime == null);
            }

            var decisions = detail.GetProperty("decisions").EnumerateArray();
            decisions.Count(static decision => decision.Text("text").StartsWith("succeeded:", StringComparison.Ordinal) || decision.Text("text").StartsWith("interrupted:", StringComparison.Ordinal))
                .Should().BeLessThanOrEqualTo(1, $"{id} has one end, seed {seed}");
            LoopWorkspace.Workers(id).Should().BeEmpty();
        }

        _workspace.Workers().Should().BeEmpty();
        _workspace.Supervisors().Should().BeEmpty();
    }
}
