using LoopOrchestrator.Core.Agents;
using LoopOrchestrator.Core.Agents.Supervision;
using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Runs;

/// <summary>
/// Looks after the running runs of a workspace, whoever started them: takes over the outcome that a supervisor left, ends what a dead
/// supervisor left behind, and ends hand-offs at their time limit. The holder of the scheduler lock does this; it keeps nothing in
/// memory, so the next holder goes on where this one stopped.
/// </summary>
internal sealed partial class RunWatcher(WorkspacePaths paths, RunStore store, RunFinisher finisher, LeaseClock leases, TimeProvider time, ILogger<RunWatcher> logger)
{
    private readonly SupervisorWatch _watch = new(time, logger);

    /// <summary>Looks at every running run once.</summary>
    /// <returns>When to look again at the latest, or <see langword="null"/> when nothing is running.</returns>
    public async Task<DateTimeOffset?> SweepAsync(CancellationToken cancellationToken = default)
    {
        var now = time.GetUtcNow();
        DateTimeOffset? next = null;
        foreach (var cancelled in (await store.InStateAsync(RunState.Queued, cancellationToken)).Where(static run => run.CancelReason is not null))
        {
            // Whoever cancelled it died before it could end it.
            await finisher.EndAsync(cancelled.Id, new RunEnd(RunState.Cancelled, now, cancelled.CancelReason!), cancellationToken);
        }

        foreach (var run in await leases.AgeAsync(await store.InStateAsync(RunState.Running, cancellationToken), cancellationToken))
        {
            try
            {
                var end = run.AgentKind == AgentKind.Handoff
                    ? EndOfHandOff(run, now)
                    : await EndOfProcessAsync(run, now);
                if (end is not null)
                {
                    await finisher.EndAsync(run.Id, end with { Attempt = run.Attempt }, cancellationToken);
                    continue;
                }
            }
            catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
            {
                // What is wrong with one run's folder must not keep the others, or the schedules, from being looked after.
                Log.LookFailed(logger, exception, run.Id);
            }

            // A supervisor of ours or its bell tells at once; the regular look is for one that was killed while nobody was its parent.
            var look = run.AgentKind == AgentKind.Handoff ? Earlier(run.DeadlineAt, now + leases.Left(run)) : now.AddSeconds(2);
            next = Earlier(next, look);
        }

        return next;
    }

    // A report or a cancellation stands in the store before the run is ended by it; whoever was about to may have died.
    private RunEnd? EndOfHandOff(Run run, DateTimeOffset now) =>
        run.ReportedOutcome is { } reported ? new RunEnd(reported, now, "reported by its agent")
            : run.CancelReason is { } reason ? new RunEnd(RunState.Cancelled, now, reason)
            : run.DeadlineAt <= now ? new RunEnd(RunState.TimedOut, now, $"nobody reported it with complete_run within its time limit of {run.TimeoutSeconds} s")
            : leases.Left(run) <= TimeSpan.Zero ? new RunEnd(RunState.Failed, now, $"the lease expired: whoever claimed it made no call that names it for {run.LeaseIdle.TotalSeconds:0} s") { Failure = RunFailure.Lease }
            : null;

    private async Task<RunEnd?> EndOfProcessAsync(Run run, DateTimeOffset now)
    {
        var folder = RunFolder.Of(paths.Run(run.Id), run.Attempt);
        if (folder.ReadOutcome() is { } outcome)
        {
            return await JudgeAsync(run, outcome);
        }

        if (run.CancelReason is { } cancelReason && !File.Exists(folder.Cancel))
        {
            // Whoever cancelled it died before the supervisor was told.
            CancelOrder.Give(folder, cancelReason);
        }

        var isComingUp = ProcessIdentity.Parse(run.Executor)?.IsAlive() == true && now - run.AttemptStartedAt < SupervisorWatch.StartPatience;
        return await _watch.LookAsync(folder, (RunEnvironment.RunId, run.Id), isComingUp) is not { } end ? null
            : Directory.Exists(folder.FullPath) ? await JudgeAsync(run, end)
            : new RunEnd(RunState.Interrupted, now, end.Reason);
    }

    // By the run as it stands now: its agent may have reported after it was listed, and reports no more once its outcome is written.
    private async Task<RunEnd> JudgeAsync(Run run, SupervisorOutcome outcome) =>
        RunOutcomeRules.Judge(await store.FindAsync(run.Id) ?? run, outcome);

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right ?? left : left;

    private static partial class Log
    {
        [LoggerMessage(EventId = 21, EventName = "RunLookFailed", Level = LogLevel.Error, Message = "Run {Run} could not be looked at this time; the others are")]
        public static partial void LookFailed(ILogger logger, Exception exception, string run);
    }
}
