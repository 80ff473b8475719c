using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Watches the running runs of a workspace, whoever started them: takes over the outcome that a supervisor left, ends what a dead
/// supervisor left behind, puts back what was taken and never begun, and ends hand-offs at their time limit. The holder of the scheduler
/// lock does this; it keeps nothing in
/// memory, so the next holder goes on where this one stopped.
/// </summary>
internal sealed partial class RunWatcher(
    WorkspacePaths paths,
    IRunStore store,
    RunFinisher finisher,
    SupervisedRuns supervised,
    LeaseClock leases,
    TimeProvider time,
    ILogger<RunWatcher> logger
)
{
    // What was told last of each run that cannot be looked at: a full disk lasts, and a line every two seconds would help to fill it.
    private readonly RepeatFilter _trouble = new();

    /// <summary>Checks every running run once. What is then owed for those that ended is the caller's to have written.</summary>
    /// <returns>When to look again at the latest, or <see langword="null"/> when nothing is running.</returns>
    public async Task<DateTimeOffset?> SweepAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? next = null;
        foreach (var cancelled in await store.CancelledInQueueAsync(cancellationToken))
        {
            // Whoever cancelled it died before it could end it.
            await finisher.EndAsync(cancelled.Id, new RunEnd(RunState.Cancelled, now, cancelled.CancelReason!), cancellationToken);
        }

        foreach (var run in await leases.AgeAsync(await store.InStateAsync(RunState.Running, cancellationToken), cancellationToken))
        {
            if (run.Kind == RunKind.Cycle)
            {
                // A cycle is driven, and ended, by its engine; the steps below it are runs like any other.
                continue;
            }

            var isUnbegun = false;
            try
            {
                await NoteWarningAsync(run, now, cancellationToken);
                if (await supervised.PutBackAsync(run, now, cancellationToken))
                {
                    // It may have been cancelled meanwhile, and is then ended from the queue.
                    next = now;
                    continue;
                }

                isUnbegun = run is { Kind: RunKind.Handoff, ReportedOutcome: null } && DurableFile.ReadOrNull(FolderOf(run).Brief) is null;
                if (
                    isUnbegun
                    && now - run.AttemptStartedAt >= SupervisorWatch.StartPatience
                    && !await supervised.HasStartRowAsync(run, cancellationToken)
                )
                {
                    // Whoever took it could write neither its start row nor that it waits again, or died in between: nobody got its brief.
                    await store.TryReturnAsync(
                        run,
                        now,
                        "it was taken, but its start could not be recorded",
                        cancellationToken: cancellationToken
                    );
                    continue;
                }

                var end = run.Kind == RunKind.Handoff ? EndOfHandOff(run, now) : await supervised.FindEndAsync(run, now);
                if (end is not null)
                {
                    // What ends with it is looked at in the next round, which comes at once.
                    next = await finisher.RecordEndAsync(run.Id, end with { Attempt = run.Attempt }, cancellationToken)
                        is { EndsSubRuns: true }
                        ? now
                        : next;
                    _trouble.Clear(run.Id);
                    continue;
                }

                _trouble.Clear(run.Id);
            }
            catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
            {
                // What is wrong with one run's folder must not keep the others, or the schedules, from being looked after.
                if (_trouble.IsNew(exception.Message, run.Id))
                {
                    Log.PassFailed(logger, run.Id, exception.Message);
                }
            }

            // A supervisor of ours or its bell tells at once; the regular look is for one that was killed while nobody was its parent.
            var look =
                run.Kind != RunKind.Handoff || isUnbegun
                    ? now.AddSeconds(2)
                    : Earlier(now < RunDeadline.WarningAt(run) ? RunDeadline.WarningAt(run) : run.DeadlineAt, now + leases.Left(run));
            next = Earlier(next, look);
        }

        return next;
    }

    // A report or a cancellation stands in the store before the run is ended by it; whoever was about to may have died.
    private RunEnd? EndOfHandOff(Run run, DateTimeOffset now) =>
        run.ReportedOutcome is { } reported ? new RunEnd(reported, now, "reported by its agent")
        : run.CancelReason is { } reason ? new RunEnd(RunState.Cancelled, now, reason)
        : run.DeadlineAt <= now
            ? new RunEnd(RunState.TimedOut, now, $"nobody reported it with complete_run within its time limit of {run.TimeoutSeconds} s")
        : leases.Left(run) <= TimeSpan.Zero ? EndOfLease(run.Lease!, now)
        : null;

    private static RunEnd EndOfLease(RunLease lease, DateTimeOffset now)
    {
        var since = lease.GoneSince ?? now - lease.Idle;
        var why =
            lease.Kind == LeaseKind.Client
                ? $"its client is gone since {since.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}"
                : $"whoever claimed it made no call that names it for {lease.Idle.TotalSeconds:0} s";
        return new RunEnd(RunState.Failed, now, $"the lease expired: {why}") { Failure = RunFailure.Lease, HolderGoneSince = since };
    }

    // The supervisor of a program tells when it comes close to its limit; a hand-off has none.
    private async Task NoteWarningAsync(Run run, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var at =
            run.Kind != RunKind.Handoff ? FolderOf(run).ReadWarning()?.At
            : now >= RunDeadline.WarningAt(run) && now < run.DeadlineAt ? now
            : null;
        if (
            at is { } moment
            && await store.TryDecideOnceAsync(run.Id, moment, RunDeadline.Warning(run), cancellationToken: cancellationToken)
        )
        {
            Log.NearDeadline(logger, run.Id, run.TimeoutSeconds);
        }
    }

    private RunFolder FolderOf(Run run) => RunFolder.Of(paths.Run(run.Id), run.Attempt);

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) =>
        left is null || right < left ? right ?? left : left;

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.RunNearDeadline,
            LogLevel.Warning,
            "{Run} has used 80 % of its time limit of {Limit} s and is ended when it reaches it"
        )]
        public static partial void NearDeadline(ILogger logger, string run, int limit);

        [LoggerMessage(
            LogEvents.RunCheckFailed,
            LogLevel.Error,
            "Run {Run} could not be checked and will be retried; other runs are not affected: {Error}"
        )]
        public static partial void PassFailed(ILogger logger, string run, string error);
    }
}
