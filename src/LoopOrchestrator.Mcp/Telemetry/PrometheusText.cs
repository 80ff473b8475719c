using System.Globalization;
using System.Text;

namespace LoopOrchestrator.Mcp.Telemetry;

/// <summary>The text format of Prometheus, version 0.0.4. Pure.</summary>
internal static class PrometheusText
{
    /// <summary>The type of the content.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>The name of an instrument in this format: with its unit, and with the ending of its kind.</summary>
    public static string Name(string name, string? unit, string kind) =>
        name.Replace('.', '_') + (unit == "s" ? "_seconds" : "") + (kind == "counter" ? "_total" : "");

    /// <summary>Attributes in this format, without braces, in the order of their names.</summary>
    /// <param name="attributes">The attributes.</param>
    /// <param name="workspace">Of which workspace they are; <see langword="null"/> in a server of one.</param>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> attributes, string? workspace = null)
    {
        var labels = new List<string>(attributes.Length);
        foreach (var (name, value) in attributes)
        {
            labels.Add($"{name.Replace('.', '_')}=\"{Escape(Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")}\"");
        }

        if (workspace is not null)
        {
            labels.Add($"workspace=\"{Escape(workspace)}\"");
        }

        labels.Sort(StringComparer.Ordinal);
        return string.Join(',', labels);
    }

    /// <summary>Everything that was measured.</summary>
    public static string Write(IEnumerable<Metric> metrics)
    {
        var text = new StringBuilder();
        foreach (var metric in metrics)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP {metric.Name} {EscapeHelp(metric.Help)}\n");
            text.Append(CultureInfo.InvariantCulture, $"# TYPE {metric.Name} {metric.Kind}\n");
            foreach (var reading in metric.Readings)
            {
                if (metric.IsHistogram)
                {
                    WriteHistogram(text, metric, reading);
                }
                else
                {
                    Line(text, metric.Name, reading.Labels, reading.Value);
                }
            }
        }

        return text.ToString();
    }

    private static void WriteHistogram(StringBuilder text, Metric metric, MetricReading reading)
    {
        var name = metric.Name;
        for (var index = 0; index < reading.Buckets.Count; index++)
        {
            Line(text, $"{name}_bucket", With(reading.Labels, Number(metric.Bounds[index])), reading.Buckets[index]);
        }

        Line(text, $"{name}_bucket", With(reading.Labels, "+Inf"), reading.Count);
        Line(text, $"{name}_sum", reading.Labels, reading.Value);
        Line(text, $"{name}_count", reading.Labels, reading.Count);
    }

    private static string With(string labels, string bound) => $"{labels}{(labels.Length > 0 ? "," : "")}le=\"{bound}\"";

    private static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels.Length > 0 ? $"{{{labels}}}" : "").Append(' ').Append(Number(value)).Append('\n');

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    private static string Escape(string value) =>
        value
            .Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\"", "\\\"", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);

    private static string EscapeHelp(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
