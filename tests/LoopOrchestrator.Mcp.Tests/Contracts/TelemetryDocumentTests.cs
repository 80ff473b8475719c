using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using LoopOrchestrator.Core.Telemetry;
using LoopOrchestrator.Mcp.Telemetry;
using LoopOrchestrator.Mcp.Telemetry.Otlp;
using LoopOrchestrator.Testing;

namespace LoopOrchestrator.Mcp.Tests.Contracts;

/// <summary>What is said of metrics, and made of them for others, names what is measured.</summary>
public sealed class TelemetryDocumentTests : IDisposable
{
    private readonly MetricsCollector _collector = new();

    public void Dispose() => _collector.Dispose();

    [Fact]
    public void Names_OfTheCode_AreThoseOfTheDocument()
    {
        Measured()
            .Select(static metric => (metric.Name, metric.Kind))
            .Should()
            .BeEquivalentTo(
                MarkdownTable
                    .Rows(RepositoryFiles.Read("docs/telemetry.md"), "## Prometheus")
                    .Select(static row => (row[0].Trim('`'), row[1]))
            );
    }

    [Fact]
    public void Spans_OfTheDocument_HaveTheAttributesOfTheCode()
    {
        var text = RepositoryFiles.Read("docs/telemetry.md");
        var begin = text.IndexOf("## A collector", StringComparison.Ordinal);
        var section = text[begin..text.IndexOf("## Prometheus", StringComparison.Ordinal)];
        var attributes = typeof(LoopTraces.Attributes)
            .GetFields(BindingFlags.Public | BindingFlags.Static)
            .Select(static field => (string)field.GetRawConstantValue()!);

        Regex
            .Matches(section, @"`(?<name>loop\.[a-z_.]+)`", RegexOptions.None, TimeSpan.FromSeconds(10))
            .Select(static match => match.Groups["name"].Value)
            .Distinct(StringComparer.Ordinal)
            .Should()
            .BeEquivalentTo([.. attributes, LoopMetrics.Mode, LoopMetrics.Outcome, LoopTraces.Started, OtlpPipeline.WorkspaceAttribute]);
    }

    [Theory]
    [InlineData("docs/telemetry/grafana-dashboard.json", 12)]
    [InlineData("docs/telemetry/alerts.yml", 5)]
    public void Names_InFilesForOthers_AreMeasured(string file, int least)
    {
        var known = Measured()
            .SelectMany(static metric =>
                metric.IsHistogram ? [$"{metric.Name}_bucket", $"{metric.Name}_sum", $"{metric.Name}_count"] : new[] { metric.Name }
            )
            .Append("loop_outcome")
            .Append("loop_mode");

        var named = Regex
            .Matches(RepositoryFiles.Read(file), @"\bloop_[a-z_]+", RegexOptions.None, TimeSpan.FromSeconds(10))
            .Select(static match => match.Value)
            .Distinct(StringComparer.Ordinal)
            .ToList();

        named.Should().HaveCountGreaterThanOrEqualTo(least);
        named.Except(known, StringComparer.Ordinal).Should().BeEmpty();
    }

    [Fact]
    public void Alerts_OfAllThings_TellOfADeadScheduler() =>
        RepositoryFiles.Read("docs/telemetry/alerts.yml").Should().Contain("LoopSchedulerDead").And.Contain("absent(loop_scheduler_alive)");

    [Theory]
    [InlineData("docs/telemetry/grafana-dashboard.json")]
    [InlineData("docs/telemetry/alerts.yml")]
    public void Sums_InFilesForOthers_AreOfOneWorkspace(string file)
    {
        var sums = Regex
            .Matches(RepositoryFiles.Read(file), @"\b(?:sum|min|max) *(?:by \([^)]*\))? *\(", RegexOptions.None, TimeSpan.FromSeconds(10))
            .Select(static match => match.Value)
            .ToList();

        sums.Should().HaveCountGreaterThan(5).And.OnlyContain(static sum => sum.Contains("by (workspace", StringComparison.Ordinal));
    }

    private IReadOnlyList<Metric> Measured()
    {
        // Instruments come with the first use of one.
        RuntimeHelpers.RunClassConstructor(typeof(LoopMetrics).TypeHandle);
        return _collector.Metrics;
    }
}
