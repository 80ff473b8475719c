using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Configuration;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;
using LoopOrchestrator.Testing.Processes;
using Microsoft.Extensions.Logging.Abstractions;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>
/// The server is killed at moments that nobody chose, again and again, and now and then the supervisors with it. All the while the
/// process table is read: no run and no schedule may have two live workers. At the end the books have to balance.
/// </summary>
public sealed class RandomKillTests : IAsyncLifetime
{
    // Triggered by hand all the time, so that its runs would overlap if nothing prevented it; the others are due once each.
    private const string Busy = "busy";
    private static readonly TimeSpan Backlog = TimeSpan.FromMinutes(4);
    private readonly LoopWorkspace _workspace = new();
    private int _triggered;

    public ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are counted in /proc.");
        return ValueTask.CompletedTask;
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    [Fact]
    public Task Server_KilledAtAnyMoment_EachRunEndsOnceAndNoneHasTwoWorkers() => KillAsync(rounds: 3, Seeds.Daily);

    [Fact(Explicit = true)]
    [Trait("kind", "soak")]
    public Task Server_KilledHundredTimes_EachRunEndsOnceAndNoneHasTwoWorkers() => KillAsync(rounds: 100, Seeds.Draw());

    private async Task KillAsync(int rounds, int seed)
    {
        var random = new Random(seed);
        _workspace.AddCommand("worker", "print", "working", "sleep", "0.2");

        // Far more than usual: budgets that skip due moments are another test's affair.
        _workspace.Limits["runsPerHour"] = 10_000;
        _workspace.Limits["queueLength"] = 1_000;
        _workspace.WriteConfiguration("worker");
        var ids = new List<string> { Busy };
        var census = new WorkerCensus(_workspace.Root);
        await using (census)
        {
            using var stop = new CancellationTokenSource();
            var triggering = TriggerAsync(stop.Token);
            for (var round = 0; round < rounds; round++)
            {
                await KillOnceAsync(round, ids, random);
            }

            var client = await _workspace.ServeHereAsync();

            // What the kills have left in the queue comes before the next run of the busy one.
            await Eventually.FindAsync(
                "the busy schedule has had several runs",
                () => Task.FromResult(_triggered > 2 || triggering.IsCompleted ? "" : null),
                Backlog
            );
            await stop.CancelAsync();
            await triggering;
            await Eventually.FindAsync(
                "every occurrence has its outcome and every run its end",
                async () =>
                {
                    var status = await client.CallAsync("get_status");
                    var open =
                        status.GetProperty("running").GetArrayLength()
                        + status.GetProperty("queued").GetArrayLength()
                        + status.GetProperty("finalization_pending").GetArrayLength();
                    return open == 0 && (await _workspace.LedgerAsync()).Count >= ids.Count ? "done" : null;
                },
                Backlog
            );
            await CheckBooksAsync(client, ids, seed);
        }

        await CheckCensusAsync(census, rounds, seed);
    }

    private async Task KillOnceAsync(int round, List<string> ids, Random random)
    {
        var server = await _workspace.StartHttpAsync("--trust-workspace");
        ids.Add($"s{round}-0");
        ids.Add($"s{round}-1");
        _workspace.WriteSchedules([.. ids.Select(static id => LoopWorkspace.DueNow(id))]);
        await Task.Delay(TimeSpan.FromMilliseconds(random.Next(0, 400)), TimeProvider.System, TestContext.Current.CancellationToken);
        if (random.Next(4) == 0)
        {
            LinuxProcesses.Kill([.. _workspace.Supervisors(), server.Id]);
        }
        else
        {
            server.Kill();
        }

        await server.WaitForExitAsync();
    }

    // From this process, as a command does it; refused as long as the schedule has a run.
    private async Task TriggerAsync(CancellationToken cancellationToken)
    {
        var paths = _workspace.Files.Paths;
        var configuration = ConfigurationReader
            .Read(
                await File.ReadAllBytesAsync(_workspace.FullPath("mcp_startup.json"), TestContext.Current.CancellationToken),
                "mcp_startup.json"
            )
            .Configuration;
        using var workspace = new Workspace(
            paths,
            configuration,
            new WorkspaceTrust(paths.Root, givenBy: null, _workspace.FullPath("nobody-is-trusted")),
            [ProductExecutable.Path],
            TimeProvider.System,
            NullLoggerFactory.Instance
        );
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await workspace.Schedules.TriggerAsync(Busy, TestContext.Current.CancellationToken);
                _triggered++;
            }
            catch (UserErrorException)
            {
                // It has a run, which is what this is about; or the file of schedules is not there yet.
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, TestContext.Current.CancellationToken);
        }
    }

    private async Task CheckBooksAsync(ModelContextProtocol.Client.McpClient client, List<string> ids, int seed)
    {
        var ledger = await _workspace.LedgerAsync();
        ledger
            .Should()
            .OnlyContain(
                static row => row.ScheduleId == Busy || (row.Outcome == OccurrenceOutcome.Started && row.RunId != null && row.Count == 1),
                $"seed {seed}"
            );
        ledger
            .Where(static row => row.ScheduleId != Busy)
            .Select(static row => row.ScheduleId)
            .Should()
            .BeEquivalentTo(ids.Where(static id => id != Busy), $"seed {seed}");
        var started = ledger
            .Where(static row => row is { Outcome: OccurrenceOutcome.Started, RunId: not null })
            .Select(static row => row.RunId!)
            .ToList();
        started.Should().OnlyHaveUniqueItems($"seed {seed}");
        var runs = await RunsAsync(client);
        runs.Select(static run => run.Text("run_id")).Should().BeEquivalentTo(started, $"seed {seed}");
        foreach (var run in runs)
        {
            var id = run.Text("run_id");
            run.Text("state").Should().BeOneOf(["succeeded", "interrupted"], $"seed {seed}");
            var detail = await client.CallAsync("get_run", ("run_id", id));
            detail.GetProperty("attempt").GetInt32().Should().Be(1, $"seed {seed}");
            var rows = _workspace.Rows(id);
            rows.Should()
                .HaveCount(2, $"a start row and a closing row belong to {id} ({run.Text("state")}: {run.Text("reason")}), seed {seed}");
            rows.Should().ContainSingle(static row => row.EndTime == null);
            var decisions = detail.GetProperty("decisions").EnumerateArray();
            decisions
                .Count(static decision =>
                    decision.Text("text").StartsWith("succeeded:", StringComparison.Ordinal)
                    || decision.Text("text").StartsWith("interrupted:", StringComparison.Ordinal)
                )
                .Should()
                .BeLessThanOrEqualTo(1, $"{id} has one end, seed {seed}");
            LoopWorkspace.Workers(id).Should().BeEmpty();
        }

        _workspace.Workers().Should().BeEmpty();
        _workspace.Supervisors().Should().BeEmpty();
    }

    private async Task CheckCensusAsync(WorkerCensus census, int rounds, int seed)
    {
        var ledger = (await _workspace.LedgerAsync())
            .Where(static row => row is { Outcome: OccurrenceOutcome.Started, RunId: not null })
            .ToDictionary(static row => row.RunId!, static row => row.ScheduleId, StringComparer.Ordinal);
        census.Runs.Should().HaveCountGreaterThan(rounds / 2, "the workers have to be seen for this to say anything");
        _triggered.Should().BeGreaterThan(2);
        census.Doubles.Should().BeEmpty($"no run has two workers, seed {seed}");
        census
            .Together.Where(pair => ledger.GetValueOrDefault(pair.Item1) is { } first && first == ledger.GetValueOrDefault(pair.Item2))
            .Should()
            .BeEmpty($"no schedule has two runs at once, seed {seed}");
        TestContext.Current.SendDiagnosticMessage(
            $"{rounds} kills, {ledger.Count} runs, {_triggered} of '{Busy}', {census.Samples} looks at the process table, "
                + $"workers of {census.Runs.Count} runs seen"
        );
    }

    private static async Task<List<System.Text.Json.JsonElement>> RunsAsync(ModelContextProtocol.Client.McpClient client)
    {
        var runs = new List<System.Text.Json.JsonElement>();
        string? cursor = null;
        do
        {
            var page = await client.CallAsync("list_runs", ("limit", 200), ("cursor", cursor));
            runs.AddRange(page.GetProperty("runs").EnumerateArray());
            cursor = page.TryGetProperty("next_cursor", out var next) ? next.GetString() : null;
        } while (cursor is not null);
        return runs;
    }
}
