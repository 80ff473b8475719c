using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Mcp.Health;

/// <summary>No step has stopped after repeated failures. Red until somebody resolves it: work that was asked for is not done.</summary>
internal sealed class EscalationReadiness(Workspace workspace) : IReadinessCheck
{
    private const int MaxNamed = 20;

    public string Name => "escalations";

    public async ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            var open = await workspace.Escalations.ListAsync(all: false, MaxNamed, cancellationToken);
            return open.Count == 0
                ? null
                : $"{string.Join("; ", open.Select(static escalation => $"escalation {escalation.Id}: {escalation.Reason}"))}"
                    + ". Fix the cause and resolve it with resolve_escalation.";
        }
        catch (UserErrorException exception)
        {
            return exception.Message;
        }
    }
}
