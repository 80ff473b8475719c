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
    // A server writes its supervisor's order and starts it within moments of taking the run; a supervisor records itself at once.
    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

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

        var record = folder.ReadRecord();
        var alive = record is not null
            ? ProcessIdentity.Parse(record.Supervisor)?.IsAlive() == true
            : ProcessIdentity.Parse(run.Executor)?.IsAlive() == true && now - run.AttemptStartedAt < StartPatience;
        if (alive)
        {
            KeepGoing(record);
            return null;
        }

        if (!Directory.Exists(folder.FullPath))
        {
            // Nobody ever came to making it, or it was removed while the run went on; in the second case something may be left.
            var (left, allGone) = await EndRemainsAsync(run.Id, record);
            return !allGone ? null
                : left > 0 ? new RunEnd(RunState.Interrupted, now, $"its folder in .loop/runs is gone; {left} process(es) of it were ended")
                : new RunEnd(RunState.Interrupted, now, "the server that was about to start it ended first, or its folder in .loop/runs was removed");
        }

        // Holding the lock from here on keeps a supervisor that comes late from starting the agent after all.
        using var fileLock = FileLock.TryAcquire(folder.SupervisorLock);
        if (fileLock is null)
        {
            return null;
        }

        if (folder.ReadOutcome() is { } late)
        {
            return await JudgeAsync(run, late);
        }

        var reason = record is null ? "its supervisor never came up" : "its supervisor died";
        var (ended, gone) = await EndRemainsAsync(run.Id, record);
        if (ended > 0)
        {
            reason += $"; {ended} process(es) that it left behind were ended";
        }

        if (!gone)
        {
            Log.RemainsAlive(logger, run.Id);
            return null;
        }

        folder.Write(new SupervisorOutcome { End = SupervisorEnd.Interrupted, Reason = reason, EndedAt = now, EndedProcesses = ended });
        return await JudgeAsync(run, folder.ReadOutcome()!);
    }

    // By the run as it stands now: its agent may have reported after it was listed, and reports no more once its outcome is written.
    private async Task<RunEnd> JudgeAsync(Run run, SupervisorOutcome outcome) =>
        RunOutcomeRules.Judge(await store.FindAsync(run.Id) ?? run, outcome);

    // An agent can halt its supervisor, which then holds no limit any more. It is set going again, and does what is due at once.
    private static void KeepGoing(SupervisorRecord? record)
    {
        if (OperatingSystem.IsLinux() && ProcessIdentity.Parse(record?.Supervisor) is { } supervisor && ProcessTable.Read(supervisor.Pid) is { IsStopped: true })
        {
            UnixProcess.Signal(supervisor.Pid, UnixProcess.SignalContinue);
        }
    }

    private async Task<(int Ended, bool Gone)> EndRemainsAsync(string runId, SupervisorRecord? record)
    {
        if (!OperatingSystem.IsLinux())
        {
            return (0, true);
        }

        var session = ProcessIdentity.Parse(record?.Supervisor)?.Pid;
        return await new ProcessTree(time).EndAsync(
            () =>
            {
                var all = ProcessTable.All().Where(static entry => !entry.IsZombie && entry.Pid != Environment.ProcessId).ToList();
                var marked = all.Where(entry => ProcessTable.HasEnvironment(entry.Pid, RunEnvironment.RunId, runId)).ToList();

                // One that shed its environment is still in the supervisor's session; that the session is the run's own, and not a later one of
                // the same number, is known as long as a marked process is in it.
                var sessions = marked.Where(entry => entry.Session == session).Select(static entry => entry.Session).ToHashSet();
                return all.Where(entry => marked.Contains(entry) || sessions.Contains(entry.Session));
            },
            TimeSpan.FromSeconds(1));
    }

    private static DateTimeOffset? Earlier(DateTimeOffset? left, DateTimeOffset? right) => left is null || right < left ? right ?? left : left;

    private static partial class Log
    {
        [LoggerMessage(EventId = 21, EventName = "RunLookFailed", Level = LogLevel.Error, Message = "Run {Run} could not be looked at this time; the others are")]
        public static partial void LookFailed(ILogger logger, Exception exception, string run);

        [LoggerMessage(EventId = 20, EventName = "RemainsAlive", Level = LogLevel.Warning, Message = "Processes of run {Run}, whose supervisor died, do not end; it is looked at again")]
        public static partial void RemainsAlive(ILogger logger, string run);
    }
}
