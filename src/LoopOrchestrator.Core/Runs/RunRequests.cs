using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Takes what callers ask for into the queue, or begins it in their hands. Safe for many threads.</summary>
/// <param name="store">The runs.</param>
/// <param name="factory">Makes runs of requests.</param>
/// <param name="admission">Whether a further run may be asked for.</param>
/// <param name="claims">Begins hand-offs.</param>
/// <param name="beats">Notes that somebody works on the run that this one is a part of.</param>
/// <param name="readiness">Whether anybody will start it.</param>
/// <param name="wake">Called when something waits that a loop starts.</param>
internal sealed class RunRequests(
    IRunStore store,
    RunFactory factory,
    RunAdmission admission,
    RunClaims claims,
    RunBeats beats,
    RunReadiness readiness,
    Action wake
)
{
    /// <summary>
    /// Asks for a run. A hand-off starts at once, in the caller's hands, unless it is asked for as one to wait; any other waits for its
    /// turn in the queue.
    /// </summary>
    /// <exception cref="UserErrorException">The request is wrong, or nothing could ever start the run.</exception>
    public async Task<Run> RequestAsync(RunRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        var (run, why) = await factory.CreateAsync(request, cancellationToken);
        await admission.EnsureAsync(run, cancellationToken);
        await beats.TakeOfPartAsync(run.ParentRunId, cancellationToken);
        if (run.Kind == RunKind.Agent)
        {
            await readiness.EnsureSomebodyStartsAsync(run, cancellationToken);
        }

        await store.AddAsync(run, why, cancellationToken);
        if (run.Kind == RunKind.Handoff && !request.QueuesHandOff)
        {
            return await TakeNewAsync(run, request.Caller, cancellationToken);
        }

        wake();
        return run;
    }

    // From its insertion on there is a run, so the call answers with it, whatever fails after that: an error would say that there is none.
    private async Task<Run> TakeNewAsync(Run added, RunCaller caller, CancellationToken cancellationToken)
    {
        try
        {
            var kind = caller.Owner is null ? LeaseKind.Claim : LeaseKind.Client;
            var run = await claims.TakeAsync(added, kind, caller, cancellationToken) ?? added;
            if (caller.Owner is { } owner && run.State == RunState.Running)
            {
                beats.Keeper.Keep(owner);
            }

            wake();
            return run;
        }
        catch (UserErrorException exception)
        {
            var now = await store.FindAsync(added.Id, cancellationToken);

            // Running still means here that it could not be put back yet; nobody works on it, and it is queued again soon.
            return now is null or { State: RunState.Queued or RunState.Running } ? added with { Reason = exception.Message } : now;
        }
    }
}
