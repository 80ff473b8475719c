namespace LoopOrchestrator.Mcp.Audit;

/// <summary>What was read of the audit log.</summary>
/// <param name="Entries">The entries, the latest first.</param>
/// <param name="NotRead">How many lines were none.</param>
internal sealed record AuditReading(IReadOnlyList<AuditEntry> Entries, int NotRead);
