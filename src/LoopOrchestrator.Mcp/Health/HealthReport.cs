namespace LoopOrchestrator.Mcp.Health;

/// <summary>The answer of the health endpoints.</summary>
/// <param name="Status"><c>live</c>, <c>ready</c> or <c>not_ready</c>.</param>
/// <param name="Checks">Each check with its outcome; empty for liveness.</param>
internal sealed record HealthReport(string Status, IReadOnlyList<HealthCheckResult> Checks);
