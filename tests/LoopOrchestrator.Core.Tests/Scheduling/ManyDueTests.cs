using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>Many schedules that are due at the same moment.</summary>
public sealed class ManyDueTests : IDisposable
{
    private const int Schedules = 120;
    private readonly TestWorkspace _test = new(
        new RunLimits
        {
            MaxAttempts = 1,
            QueueLength = 30,
            ConcurrentRuns = 2,
            RunsPerHour = 100_000,
        }
    );

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _test.Dispose();

    [Fact]
    public async Task Look_MoreDueThanTheQueueTakes_FillsItToItsLimitAndTellsOfEachMoment()
    {
        WriteSchedules("");

        await _test.Workspace.Loop.TickAsync(Token);

        (await _test.Workspace.Runs.ListAsync(new RunFilter { State = RunState.Queued, Limit = 1000 }, Token)).Should().HaveCount(30);
        var rows = await _test.Workspace.Schedules.Ledger.HistoryAsync(null, 1000, Token);
        rows.Should().HaveCount(Schedules).And.OnlyContain(row => row.Outcome != null);
        rows.Count(row => row.Outcome == OccurrenceOutcome.Started).Should().Be(30);
    }

    [Fact]
    public async Task Look_ManyDue_StartsRunsBeforeAllAreEntered()
    {
        WriteSchedules("");
        long? entered = null;
        _test.Supervisors.OnLaunch = _ =>
            entered ??= _test
                .Workspace.Database.ReadAsync(
                    static connection =>
                        LoopOrchestrator.Core.Storage.Sqlite.Database.SqliteExtensions.Scalar(
                            connection,
                            "SELECT COUNT(*) FROM occurrences"
                        ),
                    Token
                )
                .GetAwaiter()
                .GetResult();

        await _test.RunPassAsync();

        entered.Should().BeInRange(1, Schedules - 1);
    }

    [Fact]
    public async Task Waiting_WhileTheQueueIsFull_KeepsItsTurn()
    {
        WriteSchedules("\"misfire\":\"all\",\"misfireLimit\":2");
        _test.Supervisors.OnLaunch = order => _test.Supervisors.End(order.RunId);
        await _test.RunPassAsync();
        await _test.PassAfterAsync(TimeSpan.FromMinutes(20) + TimeSpan.FromSeconds(1));
        var waiting = await _test.Workspace.Storage.Ledger.WaitingAsync(Token);
        waiting.Should().NotBeEmpty();

        for (var look = 0; look < 400 && (await _test.Workspace.Storage.Ledger.WaitingAsync(Token)).Count > 0; look++)
        {
            await _test.RunPassAsync();
        }

        var rows = await _test.Workspace.Schedules.Ledger.HistoryAsync(null, 10_000, Token);
        foreach (var one in waiting)
        {
            rows.Single(row => row.ScheduleId == one.ScheduleId && row.DueAt == one.DueAt).Outcome.Should().Be(OccurrenceOutcome.Started);
        }
    }

    private void WriteSchedules(string more) =>
        _test.WriteSchedules([.. Enumerable.Range(0, Schedules).Select(index => TestWorkspace.Every(10, $"s{index:000}", more))]);
}
