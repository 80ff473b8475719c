namespace LoopOrchestrator.Mcp.Health;

/// <summary>What one check found.</summary>
internal sealed record HealthCheckResult(string Name, bool Ok, string? Problem);
