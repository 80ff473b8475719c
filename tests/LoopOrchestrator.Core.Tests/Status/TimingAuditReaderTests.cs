using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Recovery;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Storage.Sqlite;
using LoopOrchestrator.Core.Storage.Sqlite.Database;
using LoopOrchestrator.Core.Storage.Sqlite.Stores;
using LoopOrchestrator.Core.Timing;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Status;

public sealed class TimingAuditReaderTests : IDisposable
{
    private readonly TestWorkspace _test = new(new RunLimits { TimeoutSeconds = 7200 });
    private readonly StateDatabase _database;

    public TimingAuditReaderTests() =>
        _database = SqliteStorage.OpenDatabase(_test.Paths, new RunFolderRebuild(_test.Paths, TimeProvider.System));

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _database.Dispose();
        _test.Dispose();
    }

    [Fact]
    public async Task Over_EachInterval_SaysItsLimitAndWhereThatComesFrom()
    {
        _test.WriteSchedules(
            """{"id":"long","name":"Long","mode":"code","taskInstructions":"Look","cron":"0 0 * * *","timeoutSeconds":5000}"""
        );
        await AddAsync("by-hand", 9000, run: null);
        await AddAsync("short", 3600, run: null);
        await AddAsync("configured", 7000, 7200);
        await AddAsync("scheduled", 4900, 5000, schedule: "long");
        await AddAsync("own", 6100, 6000);
        await AddAsync("quick", 90, 60);

        var audit = await _test.Workspace.TimingAudit.ReadAsync(10, Token);

        audit.OverCount.Should().Be(4);
        audit
            .Over.Select(static entry => (entry.TaskId, entry.Seconds, entry.LimitSeconds, entry.IsAllowed))
            .Should()
            .Equal(
                ("by-hand", 9000, 3600, false),
                ("configured", 7000, 7200, true),
                ("own", 6100, 6000, false),
                ("scheduled", 4900, 5000, true),
                ("quick", 90, 60, false)
            );
        audit
            .Over.Select(static entry => entry.Setting)
            .Should()
            .SatisfyRespectively(
                static setting => setting.Should().Contain("no run"),
                static setting => setting.Should().StartWith("limits.timeoutSeconds 7200"),
                static setting => setting.Should().StartWith("timeout_seconds 6000 of the run"),
                static setting => setting.Should().Be("timeoutSeconds 5000 of schedule long"),
                static setting => setting.Should().Contain("timeout_seconds 60")
            );
        (await _test.Workspace.TimingAudit.ReadAsync(1, Token)).Over.Should().ContainSingle();
    }

    [Fact]
    public async Task Open_LastsLongerThanItsLimit_IsListedAlone()
    {
        await _test.Workspace.Timing.StartAsync(new TimingStart("old", "code", "old"), Token);
        _test.Time.Advance(TimeSpan.FromSeconds(3000));
        await _test.Workspace.Timing.StartAsync(new TimingStart("new", "code", "new"), Token);
        _test.Time.Advance(TimeSpan.FromSeconds(601));

        var audit = await _test.Workspace.TimingAudit.ReadAsync(10, Token);

        audit
            .Open.Should()
            .ContainSingle()
            .Which.Should()
            .Match<TimingAuditEntry>(entry => entry.TaskId == "old" && entry.Seconds == 3601 && !entry.IsAllowed);
        audit.Summary.Report.OpenCount.Should().Be(2);
    }

    private async Task AddAsync(string id, int seconds, int? run, string? schedule = null)
    {
        var end = _test.Now.AddSeconds(seconds);
        await _test.Workspace.Timing.RecordAsync(new TimingRecord(id, "code", _test.Now, end, id), Token);
        if (run is { } timeout)
        {
            var store = new SqliteRunStore(_database);
            await store.AddAsync(
                new Run
                {
                    Id = id,
                    Mode = "code",
                    Task = id,
                    Agent = "checks",
                    AgentKind = AgentKind.Command,
                    Priority = RunPriority.Todo,
                    ScheduleId = schedule,
                    State = RunState.Running,
                    TimeoutSeconds = timeout,
                    CreatedAt = _test.Now,
                    StartedAt = _test.Now,
                },
                "why",
                Token
            );
            await _database.WriteAsync(
                (connection, _) =>
                    connection.Execute("UPDATE runs SET ended_at = @end, state = 'succeeded' WHERE id = @id", ("@end", end), ("@id", id)),
                Token
            );
        }
    }
}
