using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Cancels runs with all that they asked for. Safe for many threads and processes.</summary>
internal sealed class RunCancellation(
    WorkspacePaths paths,
    IRunStore store,
    RunReader reader,
    RunFinisher finisher,
    TimeProvider time,
    Action wake
)
{
    /// <summary>
    /// Ends a run and all that it asked for, or takes it out of the queue. Its processes are told at once and are gone within the kill
    /// grace.
    /// </summary>
    /// <exception cref="UserErrorException">There is no such run, or it has ended already.</exception>
    public async Task<Run> CancelAsync(string id, string reason, CancellationToken cancellationToken = default)
    {
        var run = await reader.GetAsync(id, cancellationToken);
        if (!await store.TryRequestCancelAsync(id, reason, cancellationToken))
        {
            throw new UserErrorException($"Run {id} has ended already ({run.State.Name()}: {run.Reason}); there is nothing to cancel.");
        }

        await CarryOutAsync(id, reason, cancellationToken);
        foreach (var below in await store.CancelBelowAsync(id, $"the run that asked for it ({id}) was cancelled", cancellationToken))
        {
            await CarryOutAsync(below.Id, below.CancelReason!, cancellationToken);
        }

        wake();
        return await reader.GetAsync(id, cancellationToken);
    }

    private async Task CarryOutAsync(string id, string reason, CancellationToken cancellationToken)
    {
        // Read again: it may have been started since; from here on a queued one cannot be, because its cancellation stands in the store.
        var run = await reader.GetAsync(id, cancellationToken);
        if (run.State == RunState.Queued || run.Kind == RunKind.Handoff)
        {
            await finisher.EndAsync(id, new RunEnd(RunState.Cancelled, time.GetUtcNow(), reason), cancellationToken);
        }
        else if (run.Kind != RunKind.Cycle)
        {
            CancelOrder.Give(RunFolder.Of(paths.Run(run.Id), run.Attempt), reason);
        }
    }
}
