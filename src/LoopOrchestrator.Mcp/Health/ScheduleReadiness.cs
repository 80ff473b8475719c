using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Mcp.Health;

/// <summary>
/// Every due moment of an active schedule got its outcome. Red as soon as one has been without for a minute: then nothing fires.
/// </summary>
internal sealed class ScheduleReadiness(Workspace workspace) : IReadinessCheck
{
    public string Name => "schedules";

    public async ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            var overdue = await workspace.Status.OverdueAsync(cancellationToken);
            var names = overdue.Select(static schedule => $"'{schedule.Id}' since {schedule.Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
            return overdue.Count == 0
                ? null
                : $"due moments get no outcome: {string.Join("; ", names)}. See the server's log and get_status.";
        }
        catch (UserErrorException exception)
        {
            return exception.Message;
        }
    }
}
