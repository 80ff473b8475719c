using LoopOrchestrator.Mcp.Audit;

namespace LoopOrchestrator.Mcp.Health;

/// <summary>What is done over HTTP is written into the audit log.</summary>
internal sealed class AuditReadiness(AuditLog log) : IReadinessCheck
{
    public string Name => "audit";

    public ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult(
            log.Problem is { } problem
                ? $"the audit log cannot be written ({log.Name}): {problem}; the server's log has more. Calls are served all the same."
                : null
        );
}
