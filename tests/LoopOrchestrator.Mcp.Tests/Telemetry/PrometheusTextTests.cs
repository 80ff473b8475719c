using LoopOrchestrator.Mcp.Telemetry;

namespace LoopOrchestrator.Mcp.Tests.Telemetry;

public sealed class PrometheusTextTests
{
    [Fact]
    public void Write_EachKind_IsTheTextFormat()
    {
        var counter = new Metric("loop_things_total", "counter", "How many\nthere are", []);
        counter.Measure(1, [new("loop.outcome", "started")]);
        counter.Measure(2, [new("loop.outcome", "started")]);
        var gauge = new Metric("loop_length", "gauge", "How long", []);
        gauge.Measure(5, []);
        gauge.Measure(3, []);

        PrometheusText
            .Write([counter, gauge])
            .Should()
            .Be(
                """
                # HELP loop_things_total How many\nthere are
                # TYPE loop_things_total counter
                loop_things_total{loop_outcome="started"} 3
                # HELP loop_length How long
                # TYPE loop_length gauge
                loop_length 3

                """.ReplaceLineEndings("\n")
            );
    }

    [Fact]
    public void Write_ADistribution_HasCumulatedBucketsSumAndCount()
    {
        var metric = new Metric("loop_wait_seconds", "histogram", "How long", [0.01, 0.05, 10, 86400]);
        metric.Measure(0.02, []);
        metric.Measure(7, []);
        metric.Measure(1e6, []);

        var lines = PrometheusText.Write([metric]).Split('\n');

        lines.Should().Contain("loop_wait_seconds_bucket{le=\"0.01\"} 0").And.Contain("loop_wait_seconds_bucket{le=\"0.05\"} 1");
        lines.Should().Contain("loop_wait_seconds_bucket{le=\"10\"} 2").And.Contain("loop_wait_seconds_bucket{le=\"86400\"} 2");
        lines.Should().Contain("loop_wait_seconds_bucket{le=\"+Inf\"} 3").And.Contain("loop_wait_seconds_count 3");
        lines.Should().Contain("loop_wait_seconds_sum 1000007.02");
    }

    [Fact]
    public void Labels_OfAHostileText_AreEscapedAndSorted() =>
        PrometheusText
            .Labels([new("loop.outcome", "b"), new("loop.mode", "a\\\"\n} 1")])
            .Should()
            .Be("loop_mode=\"a\\\\\\\"\\n} 1\",loop_outcome=\"b\"");

    [Fact]
    public void Measure_TooManyAttributes_KeepsTheFirst()
    {
        var metric = new Metric("loop_things_total", "counter", "How many", []);
        for (var number = 0; number < 1200; number++)
        {
            metric.Measure(1, [new("loop.mode", number)]);
        }

        metric.Readings.Should().HaveCount(1000);
    }

    [Theory]
    [InlineData("loop.run.duration", "s", "histogram", "loop_run_duration_seconds")]
    [InlineData("loop.occurrences", "{occurrence}", "counter", "loop_occurrences_total")]
    [InlineData("loop.queue.length", "{run}", "gauge", "loop_queue_length")]
    public void Name_OfAnInstrument_HasItsUnitAndKind(string name, string unit, string kind, string expected) =>
        PrometheusText.Name(name, unit, kind).Should().Be(expected);
}
