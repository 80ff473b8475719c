using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Text;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Hands queued hand-offs over, each to one holder at a time.</summary>
internal sealed class RunClaims(
    IRunStore store,
    RunStartRow row,
    RunFinisher finisher,
    RunBriefs briefs,
    ModeFile modes,
    RunLimits limits,
    TimeProvider time
)
{
    public int LeaseSeconds => limits.LeaseSeconds;

    /// <summary>Takes the run named, else the first of that mode, else the first, under a lease.</summary>
    /// <returns>The run, running now; or <see langword="null"/> when none waits.</returns>
    /// <exception cref="UserErrorException">The run named cannot be claimed; the message says why.</exception>
    public async Task<Run?> ClaimAsync(Run? named, string? mode, RunCaller caller, CancellationToken cancellationToken = default)
    {
        if (named is not null)
        {
            if (named.Kind != RunKind.Handoff || named.State != RunState.Queued)
            {
                throw new UserErrorException(
                    named.Kind != RunKind.Handoff
                        ? $"Run {named.Id} belongs to {(named.Kind == RunKind.Cycle ? "workflow" : "agent")} '{named.AgentName()}' "
                            + "and cannot be claimed; it starts by itself."
                        : $"Run {named.Id} is {named.State.Name()}, so it cannot be "
                            + $"claimed{(named.State == RunState.Running ? "; when its holder is gone, it waits again" : "")}. "
                            + $"{ToolNames.ClaimRun} without run_id takes the next that waits."
                );
            }

            return await TakeAsync(named, LeaseKind.Claim, caller, cancellationToken: cancellationToken)
                ?? throw new UserErrorException(
                    $"Run {named.Id} was claimed by somebody else at this moment, or another run of its schedule is going on."
                );
        }

        if (mode is not null)
        {
            modes.Get(mode);
        }

        foreach (var queued in await store.InStateAsync(RunState.Queued, cancellationToken))
        {
            if (queued.Kind != RunKind.Handoff || (mode is not null && queued.Mode != mode))
            {
                continue;
            }

            if (modes.Catalog.Find(queued.Mode) is null)
            {
                // Its mode was taken out of .roomodes; it must not stand in the way of those behind it.
                await finisher.EndAsync(
                    queued.Id,
                    new RunEnd(RunState.Failed, time.GetUtcNow(), $"there is no mode '{queued.Mode}' any more")
                    {
                        Failure = RunFailure.Configuration,
                    },
                    cancellationToken
                );
                continue;
            }

            if (await TakeAsync(queued, LeaseKind.Claim, caller, cancellationToken: cancellationToken) is { } claimed)
            {
                return claimed;
            }
        }

        return null;
    }

    /// <summary>Starts a queued hand-off in the caller's hands.</summary>
    /// <param name="queued">The run.</param>
    /// <param name="kind">How it is held.</param>
    /// <param name="caller">Who holds it.</param>
    /// <param name="token">What its holder shows; a new token when not given.</param>
    /// <param name="cancellationToken">Gives up before it is taken.</param>
    /// <returns>The run, or <see langword="null"/> when it may not be started now.</returns>
    /// <exception cref="UserErrorException">
    /// Its start could not be recorded and it waits again, or its brief could not and it has failed.
    /// </exception>
    public async Task<Run?> TakeAsync(
        Run queued,
        LeaseKind kind,
        RunCaller caller,
        string? token = null,
        CancellationToken cancellationToken = default
    )
    {
        var mode = modes.Get(queued.Mode);
        var start = new RunStart(time.GetUtcNow())
        {
            LeaseToken = token ?? LeaseTokens.Create(),
            LeaseKind = kind,
            LeaseOwner = caller.Owner,
        };
        if (await store.StartAsync([(queued.Id, start)], cancellationToken) is not [var run])
        {
            return null;
        }

        try
        {
            if (run.StopRowPending)
            {
                await finisher.WriteOwedFilesAsync(run.Id, cancellationToken);
            }

            await row.WriteAsync(run, RunTitle.Of(run.Task), cancellationToken);
        }
        catch (UserErrorException exception)
        {
            await TryReturnAsync(run, $"its start could not be recorded: {exception.Message}");
            throw new UserErrorException(
                $"Run {run.Id} was not started, because its start could not be recorded; it waits in the queue. Take it "
                    + $"with {ToolNames.ClaimRun} when this is mended: {exception.Message}",
                exception
            );
        }

        try
        {
            await briefs.WriteAsync(run, mode, agent: null, cancellationToken);
            return run;
        }
        catch (UserErrorException exception)
        {
            await finisher.EndUnstartedAsync(
                run.Id,
                new RunEnd(RunState.Failed, time.GetUtcNow(), $"it was not started: {exception.Message}")
                {
                    Failure = RunFailure.Recording,
                    Attempt = run.Attempt,
                }
            );
            throw;
        }
    }

    /// <summary>Puts back what was taken and begun for somebody who had left by then: nobody has its brief or its token.</summary>
    public Task GiveBackAsync(Run taken) => TryReturnAsync(taken, "whoever had claimed it left before it was handed over", hasRow: true);

    private async Task TryReturnAsync(Run taken, string why, bool hasRow = false)
    {
        try
        {
            await store.TryReturnAsync(taken, time.GetUtcNow(), why, hasRow, cancellationToken: CancellationToken.None);
        }
        catch (UserErrorException)
        {
            // The database cannot be written. The watcher puts back a run without start row and brief, and another when its lease is over.
        }
    }
}
