using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;

namespace LoopOrchestrator.Mcp.Health;

/// <summary>
/// Every due moment of an active schedule got its outcome, and what each names is there. Red as soon as a moment has been without for a
/// minute: then nothing fires.
/// </summary>
internal sealed class ScheduleReadiness(Workspace workspace) : IReadinessCheck
{
    private const int MaxNamed = 5;

    public string Name => "schedules";

    public async ValueTask<string?> FindProblemAsync(CancellationToken cancellationToken)
    {
        try
        {
            var overdue = await workspace.Status.OverdueAsync(cancellationToken);
            if (overdue.Count > 0)
            {
                var names = overdue.Select(static schedule => $"'{schedule.Id}' since {schedule.Since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}");
                return $"due moments get no outcome: {string.Join("; ", names)}. See the server's log and get_status.";
            }

            return workspace.Status.StartingNothing is { Count: > 0 } idle
                ? $"{string.Join("; ", idle.Take(MaxNamed))}{(idle.Count > MaxNamed ? $"; and {idle.Count - MaxNamed} more" : "")}."
                : null;
        }
        catch (UserErrorException exception)
        {
            return exception.Message;
        }
    }
}
