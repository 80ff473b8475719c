using System.Collections.Concurrent;
using LoopOrchestrator.Core.Agents.Contracts;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Processes;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// Checks whether a supervised program has ended, whoever started its supervisor: a dead supervisor's remains are ended first, and so is a
/// supervisor that is long past its time while its program goes on. Keeps nothing in memory but since when it has seen each at work.
/// </summary>
internal sealed partial class SupervisorWatch(WorkspacePaths workspace, TimeProvider time, ILogger logger)
{
    /// <summary>How long a server takes at most from its order to its supervisor's record; both come within moments.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    // So long after the last moment at which its supervisor should have ended it, a program is ended without it.
    private static readonly TimeSpan Overdue = TimeSpan.FromMinutes(1);

    private readonly RunProcesses _processes = new(workspace);
    private readonly ConcurrentDictionary<string, Observation> _seen = new(StringComparer.Ordinal);

    /// <summary>The program of this folder is over.</summary>
    public void Forget(RunFolder folder) => _seen.TryRemove(folder.FullPath, out _);

    /// <summary>Checks once.</summary>
    /// <param name="folder">The program's folder.</param>
    /// <param name="mark">The variable that all of its processes have in their environment.</param>
    /// <param name="proof">What an outcome must show to count. Any other found there is set aside once its supervisor is gone.</param>
    /// <param name="isComingUp">
    /// Whether the server that was to start the supervisor may still do so; asked only where no supervisor has recorded itself.
    /// </param>
    /// <returns>How it ended; <see langword="null"/> while it goes on or its remains do not end.</returns>
    public async Task<SupervisorOutcome?> CheckAsync(
        RunFolder folder,
        (string Name, string Value) mark,
        OutcomeProof proof,
        bool isComingUp
    )
    {
        if (folder.ReadOutcome() is { } outcome && proof.IsShownBy(outcome) && IsSupervisorGone(folder))
        {
            Forget(folder);
            return outcome;
        }

        var record = folder.ReadRecord();
        if (record is not null ? ProcessIdentity.Parse(record.Supervisor)?.IsAlive() == true : isComingUp)
        {
            KeepGoing(record);
            await EndOverdueAsync(folder, record, mark);
            return null;
        }

        Forget(folder);

        if (!Directory.Exists(folder.FullPath))
        {
            // Nobody ever came to making it, or it was removed while the program went on; in the second case something may be left.
            var (left, allGone) = await EndRemainsAsync(mark, record);
            return !allGone ? null
                : left > 0 ? Interrupted($"its folder in .loop is gone; {left} process(es) of it were ended", left)
                : Interrupted(
                    "it was not started: the server that was about to ended first or could not write its folder in .loop, "
                        + "or that was removed",
                    0
                );
        }

        // Holding the lock from here on keeps a supervisor that comes late from starting the program after all.
        using var fileLock = FileLock.TryAcquire(folder.SupervisorLock);
        if (fileLock is null)
        {
            return null;
        }

        if (folder.ReadOutcome() is { } late && proof.IsShownBy(late))
        {
            return late;
        }

        var reason = record is null ? "its supervisor never came up" : "its supervisor died";
        var (ended, gone) = await EndRemainsAsync(mark, record);
        if (ended > 0)
        {
            reason += $"; {ended} process(es) that it left behind were ended";
        }

        if (!gone)
        {
            Log.RemainsAlive(logger, mark.Value);
            return null;
        }

        // What it cost is owed by whoever's budget it was, also where nobody was left to sum it up.
        var account = folder.ReadSpent() is { } spent ? new AgentAccount { CostUsd = spent.CostUsd, Tokens = spent.TokenCounts } : null;
        var interrupted = Interrupted(reason, ended) with { Account = account };
        if (folder.ReadOutcome() is { End: not SupervisorEnd.Interrupted } && folder.SetOutcomeAside() is { } aside)
        {
            interrupted = interrupted with
            {
                Reason = $"{reason}; an outcome that it had not written lay in its folder and is kept as {Path.GetFileName(aside)}",
            };
            Log.ForeignOutcome(logger, mark.Value, aside);
        }

        // What a server wrote here before it ended looks like this, too. It shows nothing and needs nothing to: it is there to keep a
        // supervisor that comes late from beginning.
        folder.Write(interrupted);
        return interrupted;
    }

    /// <summary>
    /// Takes back an order that no supervisor has begun with, so that one that comes late finds nothing to do. The folder must be there.
    /// </summary>
    /// <returns>False when one has begun, is about to, or was told to end.</returns>
    public bool TryWithdraw(RunFolder folder, (string Name, string Value) mark)
    {
        using var fileLock = FileLock.TryAcquire(folder.SupervisorLock);
        if (
            fileLock is null
            || folder.ReadOutcome() is not null
            || folder.HasBegun
            || folder.InterruptReason() is not null
            || IsAtWork(mark)
        )
        {
            return false;
        }

        folder.RemoveOrder();
        return true;
    }

    /// <summary>Whether any process of a program is alive. Nobody is found elsewhere than on Linux.</summary>
    public bool IsAtWork((string Name, string Value) mark) => OperatingSystem.IsLinux() && _processes.Of(ProcessTable.All(), mark).Any();

    // The last thing that a supervisor does is to let go of its lock.
    private static bool IsSupervisorGone(RunFolder folder)
    {
        using var fileLock = FileLock.TryAcquire(folder.SupervisorLock);
        return fileLock is not null;
    }

    private SupervisorOutcome Interrupted(string reason, int ended) =>
        new()
        {
            End = SupervisorEnd.Interrupted,
            Reason = reason,
            EndedAt = time.GetUtcNow(),
            EndedProcesses = ended,
        };

    // A program can halt its supervisor, which then holds no limit any more. It is set going again, and does what is due at once.
    private static void KeepGoing(SupervisorRecord? record)
    {
        if (
            OperatingSystem.IsLinux()
            && ProcessIdentity.Parse(record?.Supervisor) is { } supervisor
            && ProcessTable.Read(supervisor.Pid) is { IsStopped: true }
        )
        {
            UnixProcess.Signal(supervisor.Pid, UnixProcess.SignalContinue);
        }
    }

    // A supervisor that is held up by something (a file system that does not answer) holds no limit. What it leaves behind is ended at the
    // next look.
    private async Task EndOverdueAsync(RunFolder folder, SupervisorRecord? record, (string Name, string Value) mark)
    {
        if (
            !OperatingSystem.IsLinux()
            || record is null
            || ProcessIdentity.Parse(record.Supervisor) is not { } supervisor
            || supervisor == ProcessIdentity.Current
            || (ProcessIdentity.Parse(record.Agent) is { } agent && _processes.IsElsewhere(agent.Pid))
        )
        {
            return;
        }

        // By the time during which this process has seen it at work: neither a clock that is set nor the sleep of the machine counts.
        var now = time.GetTimestamp();
        var seen = _seen.AddOrUpdate(
            folder.FullPath,
            static (_, add) => add,
            static (_, known, add) => known.Supervisor == add.Supervisor ? known : add,
            new Observation(record.Supervisor, now)
        );
        var elapsed = time.GetElapsedTime(seen.Since, now);
        if (
            elapsed <= Overdue
            || folder.ReadOrder() is not { } order
            || elapsed.TotalSeconds <= order.TimeoutSeconds + order.KillGraceSeconds + Overdue.TotalSeconds
            || ProcessIdentity.Parse(record.Agent)?.IsAlive() != true
        )
        {
            return;
        }

        switch (seen)
        {
            case { OverdueSince: null }:
                // After a pause of the whole machine it may just be about to: it gets the time for it.
                _seen[folder.FullPath] = seen with { OverdueSince = now };
                break;
            case { OverdueSince: { } since, IsKilled: false } when time.GetElapsedTime(since, now) >= Overdue:
                _seen[folder.FullPath] = seen with { IsKilled = true };
                Log.LongOverdue(logger, mark.Value, order.TimeoutSeconds);
                UnixProcess.Signal(supervisor.Pid, UnixProcess.SignalKill);
                break;
            case { IsKilled: true, IsEnded: false }:
                // Even that does not end it (it waits inside the system), but its program it ends.
                _seen[folder.FullPath] = seen with { IsEnded = true };
                await EndRemainsAsync(mark, record);
                break;
            default:
                break;
        }
    }

    private async Task<(int Ended, bool Gone)> EndRemainsAsync((string Name, string Value) mark, SupervisorRecord? record)
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
                var marked = _processes.Of(all, mark).ToList();

                // One that shed its environment is still in the supervisor's session; that the session is the run's own, and not a later
                // one of
                // the same number, is known as long as a marked process is in it.
                var sessions = marked.Where(entry => entry.Session == session).Select(static entry => entry.Session).ToHashSet();
                return all.Where(entry => marked.Contains(entry) || sessions.Contains(entry.Session));
            },
            TimeSpan.FromSeconds(1)
        );
    }

    private sealed record Observation(
        string Supervisor,
        long Since,
        long? OverdueSince = null,
        bool IsKilled = false,
        bool IsEnded = false
    );

    private static partial class Log
    {
        [LoggerMessage(
            LogEvents.RunLongOverdue,
            LogLevel.Error,
            "{Run} is still running long after its limit of {Limit} s and its supervisor does not end it; ending both"
        )]
        public static partial void LongOverdue(ILogger logger, string run, double limit);

        [LoggerMessage(
            LogEvents.RunForeignOutcome,
            LogLevel.Warning,
            "Ignored an outcome file in the folder of {Run} that its supervisor did not write; kept as {File}"
        )]
        public static partial void ForeignOutcome(ILogger logger, string run, string file);

        [LoggerMessage(
            LogEvents.RunProcessesRemain,
            LogLevel.Warning,
            "Processes of {Run} are still alive after its supervisor died; checking again"
        )]
        public static partial void RemainsAlive(ILogger logger, string run);
    }
}
