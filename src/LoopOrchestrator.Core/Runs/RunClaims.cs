using System.Security.Cryptography;
using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Modes;

namespace LoopOrchestrator.Core.Runs;

/// <summary>Hands queued hand-offs over, each to one holder at a time, and says why a report of somebody who is not the holder is refused.</summary>
internal sealed class RunClaims(RunStore store, RunLauncher launcher, RunFinisher finisher, RunBriefs briefs, ModeFile modes, RunLimits limits, TimeProvider time)
{
    public int LeaseSeconds => limits.LeaseSeconds;

    /// <summary>Takes the run named, else the first of that mode, else the first, under a lease.</summary>
    /// <returns>The run, running now; or <see langword="null"/> when none waits.</returns>
    /// <exception cref="UserErrorException">The run named cannot be claimed; the message says why.</exception>
    public async Task<Run?> ClaimAsync(Run? named, string? mode, CancellationToken cancellationToken = default)
    {
        if (named is not null)
        {
            if (named.AgentKind != AgentKind.Handoff || named.State != RunState.Queued)
            {
                throw new UserErrorException(
                    named.AgentKind != AgentKind.Handoff
                        ? $"Run {named.Id} belongs to {(named.AgentKind == AgentKind.Workflow ? "workflow" : "agent")} '{named.Agent}' and cannot be claimed; it starts by itself."
                        : $"Run {named.Id} is {named.State.Name()}, so it cannot be claimed. claim_run without run_id takes the next that waits.");
            }

            return await TakeAsync(named, underLease: true, cancellationToken)
                ?? throw new UserErrorException($"Run {named.Id} was claimed by somebody else at this moment, or another run of its schedule is going on.");
        }

        if (mode is not null)
        {
            modes.Get(mode);
        }

        foreach (var queued in await store.InStateAsync(RunState.Queued, cancellationToken))
        {
            if (queued.AgentKind != AgentKind.Handoff || (mode is not null && queued.Mode != mode))
            {
                continue;
            }

            if (modes.Catalog.Find(queued.Mode) is null)
            {
                // Its mode was taken out of .roomodes; it must not stand in the way of those behind it.
                await finisher.EndAsync(queued.Id, new RunEnd(RunState.Failed, time.GetUtcNow(), $"there is no mode '{queued.Mode}' any more") { Failure = RunFailure.Configuration }, cancellationToken);
                continue;
            }

            if (await TakeAsync(queued, underLease: true, cancellationToken) is { } claimed)
            {
                return claimed;
            }
        }

        return null;
    }

    /// <summary>Starts a queued hand-off in the caller's hands.</summary>
    /// <returns>The run, or <see langword="null"/> when it may not be started now.</returns>
    /// <exception cref="UserErrorException">Its start could not be recorded and it waits again, or its brief could not and it has failed.</exception>
    public async Task<Run?> TakeAsync(Run queued, bool underLease, CancellationToken cancellationToken = default)
    {
        var mode = modes.Get(queued.Mode);
        var token = underLease ? RandomNumberGenerator.GetHexString(16, lowercase: true) : null;
        if (!await store.TryStartAsync(queued.Id, new RunStart(time.GetUtcNow()) { LeaseToken = token }, cancellationToken))
        {
            return null;
        }

        var run = (await store.FindAsync(queued.Id, cancellationToken))!;
        try
        {
            if (run.StopRowPending)
            {
                await finisher.SettleAsync(run.Id, cancellationToken);
            }

            await launcher.WriteStartRowAsync(run, RunTitle.Of(run.Task), cancellationToken);
        }
        catch (UserErrorException exception)
        {
            await TryReturnAsync(run, $"its start could not be recorded: {exception.Message}");
            throw new UserErrorException($"Run {run.Id} was not started, because its start could not be recorded; it waits in the queue. Take it with claim_run when this is mended: {exception.Message}", exception);
        }

        try
        {
            await briefs.WriteAsync(run, mode, cancellationToken);
            return run;
        }
        catch (UserErrorException exception)
        {
            await finisher.EndUnstartedAsync(run.Id, new RunEnd(RunState.Failed, time.GetUtcNow(), $"it was not started: {exception.Message}") { Failure = RunFailure.Recording, Attempt = run.Attempt });
            throw;
        }
    }

    /// <summary>Why a report was not taken.</summary>
    public async Task<UserErrorException> ExplainRefusalAsync(Run run, string? token, CancellationToken cancellationToken = default)
    {
        var attempts = await store.AttemptsAsync(run.Id, cancellationToken);
        if (token is not null && attempts.FirstOrDefault(attempt => attempt.LeaseToken == token) is { EndedAt: { } ended } mine && run.LeaseToken != token && !run.State.HasEnded())
        {
            var since = run.State == RunState.Queued
                ? "It waits to be claimed again: claim_run with this run_id gives it back to you when nobody was faster."
                : $"Somebody else works on it since {Moment(run.AttemptStartedAt!.Value)} (attempt {run.Attempt}); look at what that attempt does (get_run) before you change anything more.";
            return new UserErrorException($"The report came too late and changed nothing: your lease on run {run.Id} (attempt {mine.Number}) ended at {Moment(ended)}: {mine.Reason}. {since}");
        }

        return new UserErrorException(run.State switch
        {
            RunState.Queued => $"Run {run.Id} is queued and not yet anybody's. Take it with claim_run first.",
            RunState.Running when run.LeaseToken is null => $"Run {run.Id} was not taken with claim_run, so it has no lease, and lease_token is not its token. Leave lease_token out.",
            RunState.Running when token is null => $"Run {run.Id} was taken with claim_run. Give the lease_token of that answer: it tells its holder from everybody else.",
            RunState.Running => $"lease_token is not the one of run {run.Id}. Give the one of the claim_run answer that gave you this run.",
            _ => $"Run {run.Id} has ended already ({run.State.Name()}: {run.Reason}); a report after that changes nothing.",
        });
    }

    private async Task TryReturnAsync(Run taken, string why)
    {
        try
        {
            await store.TryReturnAsync(taken, time.GetUtcNow(), why, cancellationToken: CancellationToken.None);
        }
        catch (UserErrorException)
        {
            // The database cannot be written either. The watcher finds the run without start row and brief, and puts it back.
        }
    }

    private static string Moment(DateTimeOffset moment) => $"{moment.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}";
}
