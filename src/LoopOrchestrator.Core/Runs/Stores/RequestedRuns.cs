using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Requests;
using LoopOrchestrator.Core.Runs.Contracts;

namespace LoopOrchestrator.Core.Runs.Stores;

/// <summary>The runs that calls with a request id have started.</summary>
internal static class RequestedRuns
{
    /// <summary>The run that a call has started, as it stands now.</summary>
    /// <exception cref="UserErrorException">It is removed by now.</exception>
    public static async Task<Run> FindAsync(
        IRunStore store,
        RequestKey key,
        RecordedRequest known,
        CancellationToken cancellationToken = default
    ) =>
        (known.RunId is { } id ? await store.FindAsync(id, cancellationToken) : null)
        ?? throw new UserErrorException(
            $"The request id stands for a call of {key.Tool} at {known.CreatedAt.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ} about run "
                + $"{known.RunId}, of which nothing is kept any more (limits.keepRowsDays); nothing was started now. For new work give a "
                + "request id of its own."
        );
}
