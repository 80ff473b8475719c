using System.Diagnostics.Metrics;

namespace LoopOrchestrator.Core.Telemetry;

/// <summary>
/// What is measured of the loop. Nothing is kept here: without somebody who listens to the meter a measurement is a question whether
/// anybody does. Names, units and attributes are a contract (docs/telemetry.md).
/// </summary>
public static class LoopMetrics
{
    /// <summary>The name of the meter.</summary>
    public const string MeterName = "LoopOrchestrator";

    /// <summary>The attribute with what became of something.</summary>
    public const string Outcome = "loop.outcome";

    /// <summary>The attribute with the mode of a run.</summary>
    public const string Mode = "loop.mode";

    private static readonly Meter Meter = new(MeterName);

    // All distributions are spans of time: from a millisecond to a day.
    private static readonly InstrumentAdvice<double> Spans = new()
    {
        HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 14400, 86400],
    };

    internal static readonly Histogram<double> Lateness = Meter.CreateHistogram<double>(
        "loop.occurrence.lateness",
        "s",
        "From a due moment, with its jitter, to the pass that fired it",
        tags: null,
        advice: Spans
    );

    internal static readonly Counter<long> Occurrences = Meter.CreateCounter<long>(
        "loop.occurrences",
        "{occurrence}",
        "Due moments by their outcome, each counted once, when it has one"
    );

    internal static readonly Histogram<double> RunDuration = Meter.CreateHistogram<double>(
        "loop.run.duration",
        "s",
        "From the start of a run to its end, by mode and outcome",
        tags: null,
        advice: Spans
    );

    internal static readonly Histogram<double> LockWait = Meter.CreateHistogram<double>(
        "loop.lock.wait",
        "s",
        "How long a write waited for its turn within its process",
        tags: null,
        advice: Spans
    );

    internal static readonly Histogram<double> WriteDuration = Meter.CreateHistogram<double>(
        "loop.storage.write.duration",
        "s",
        "How long a transaction took until it was on disk, the lock between processes included",
        tags: null,
        advice: Spans
    );

    internal static readonly Counter<long> Notices = Meter.CreateCounter<long>(
        "loop.notices",
        "{notice}",
        "Tries to deliver a notice of an incident, by what became of them"
    );

    internal static readonly Gauge<long> LedgerGaps = Meter.CreateGauge<long>(
        "loop.ledger.gaps",
        "{occurrence}",
        "Due moments that nothing has fired"
    );

    internal static readonly Gauge<long> SchedulerAlive = Meter.CreateGauge<long>(
        "loop.scheduler.alive",
        "{scheduler}",
        "1 while due moments are fired or there is nothing to fire, else 0"
    );

    internal static readonly Gauge<long> QueueLength = Meter.CreateGauge<long>(
        "loop.queue.length",
        "{run}",
        "Runs that wait to be started or claimed"
    );

    internal static readonly Gauge<long> Running = Meter.CreateGauge<long>("loop.runs.running", "{run}", "Runs that go on");

    internal static readonly Gauge<long> Attention = Meter.CreateGauge<long>(
        "loop.attention",
        "{item}",
        "How many things need a person, as status tells them"
    );

    internal static readonly Gauge<long> Incidents = Meter.CreateGauge<long>("loop.incidents.open", "{incident}", "Incidents that go on");
}
