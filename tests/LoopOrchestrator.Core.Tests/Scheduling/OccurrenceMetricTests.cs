using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using LoopOrchestrator.Core.Scheduling.Ledger;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Core.Tests.Scheduling;

/// <summary>What is counted of due moments is what the ledger has of them.</summary>
public sealed class OccurrenceMetricTests : IDisposable
{
    // The meter is the whole process's: what other tests do at the same time is not counted.
    private static readonly AsyncLocal<OccurrenceMetricTests?> Mine = new();

    // What has come up is this process, and is not to be ended for its silence.
    private const string Patient = "\"taskInteraction\":\"wait\",\"inactivityDelay\":600";

    private readonly TestWorkspace _test = new();
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, long> _counted = new(StringComparer.Ordinal);

    public OccurrenceMetricTests()
    {
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument.Meter.Name == LoopMetrics.MeterName && instrument.Name == "loop.occurrences")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>(
            (_, value, attributes, _) =>
            {
                if (Mine.Value == this)
                {
                    _counted.AddOrUpdate((string)attributes[0].Value!, value, (_, before) => before + value);
                }
            }
        );
        _listener.Start();
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _listener.Dispose();
        _test.Dispose();
    }

    [Fact]
    public async Task Occurrences_ThatWaitAreLeftOutOrShareARow_AreCountedOnceWhenTheyHaveTheirOutcome()
    {
        Mine.Value = this;
        _test.WriteSchedules(TestWorkspace.Every(10, more: Patient));
        await _test.RunPassAsync();
        _test.Supervisors.ComeUp(_test.Supervisors.Orders[^1].RunId);
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await LooksLikeTheLedgerAsync(waiting: 1);

        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        _test.Supervisors.End(_test.Supervisors.Orders[^1].RunId, 0);
        await _test.SweepAsync();
        await _test.RunPassAsync();
        await LooksLikeTheLedgerAsync(waiting: 0);
        _counted["started"].Should().Be(2);

        // Hours that one run is to make up for, then a pause that drops what waits behind it.
        _test.Supervisors.End(_test.Supervisors.Orders[^1].RunId, 0);
        await _test.SweepAsync();
        await _test.PassAfterAsync(TimeSpan.FromHours(5));
        await LooksLikeTheLedgerAsync(waiting: 0);
        _test.Supervisors.ComeUp(_test.Supervisors.Orders[^1].RunId);
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));
        await LooksLikeTheLedgerAsync(waiting: 1);
        await _test.Workspace.Schedules.PauseAsync("s", "on holiday", Token);
        await _test.PassAfterAsync(TimeSpan.FromMinutes(20));

        await LooksLikeTheLedgerAsync(waiting: 0);
        _counted.Values.Sum().Should().BeGreaterThan(30, "moments are counted, and not rows");
    }

    [Fact]
    public async Task Occurrences_OfAScheduleThatIsTakenOut_AreCountedAsLeftOut()
    {
        Mine.Value = this;
        _test.WriteSchedules(TestWorkspace.Every(10, more: Patient));
        await _test.RunPassAsync();
        _test.Supervisors.ComeUp(_test.Supervisors.Orders[^1].RunId);
        await _test.PassAfterAsync(TimeSpan.FromMinutes(10));

        _test.WriteSchedules();
        await _test.RunPassAsync();

        await LooksLikeTheLedgerAsync(waiting: 0);
        _counted["skipped"].Should().Be(1);
    }

    private async Task LooksLikeTheLedgerAsync(int waiting)
    {
        var rows = await _test.Workspace.Storage.Ledger.HistoryAsync("s", 1000, Token);
        rows.Count(static row => row.Outcome is null).Should().Be(waiting);
        _counted
            .Should()
            .BeEquivalentTo(
                rows.Where(static row => row.Outcome is not null)
                    .GroupBy(static row => OccurrenceNames.Name(row.Outcome!.Value), StringComparer.Ordinal)
                    .ToDictionary(static group => group.Key, static group => group.Sum(static row => row.Count), StringComparer.Ordinal)
            );
    }
}
