namespace LoopOrchestrator.Mcp.Telemetry;

/// <summary>A series at one moment.</summary>
/// <param name="Labels">The attributes as the text format has them, without braces.</param>
/// <param name="Value">The value, or the sum.</param>
/// <param name="Count">How many measurements there were.</param>
/// <param name="Buckets">How many of them lie below each bound.</param>
internal sealed record MetricReading(string Labels, double Value, long Count, IReadOnlyList<long> Buckets);
