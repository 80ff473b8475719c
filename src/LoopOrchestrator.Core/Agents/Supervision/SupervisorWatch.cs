using LoopOrchestrator.Core.Processes;
using LoopOrchestrator.Core.Workspaces;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>
/// Looks whether a supervised program is over, whoever started its supervisor: a dead supervisor's remains are ended first. Keeps
/// nothing in memory.
/// </summary>
internal sealed partial class SupervisorWatch(TimeProvider time, ILogger logger)
{
    /// <summary>How long a server takes at most from its order to its supervisor's record; both come within moments.</summary>
    public static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(60);

    /// <summary>Looks once.</summary>
    /// <param name="folder">The program's folder.</param>
    /// <param name="mark">The variable that all of its processes have in their environment.</param>
    /// <param name="isComingUp">Whether the server that was to start the supervisor may still do so; asked only where no supervisor has recorded itself.</param>
    /// <returns>How it ended; <see langword="null"/> while it goes on or its remains do not end.</returns>
    public async Task<SupervisorOutcome?> LookAsync(RunFolder folder, (string Name, string Value) mark, bool isComingUp)
    {
        if (folder.ReadOutcome() is { } outcome)
        {
            return outcome;
        }

        var record = folder.ReadRecord();
        if (record is not null ? ProcessIdentity.Parse(record.Supervisor)?.IsAlive() == true : isComingUp)
        {
            KeepGoing(record);
            return null;
        }

        if (!Directory.Exists(folder.FullPath))
        {
            // Nobody ever came to making it, or it was removed while the program went on; in the second case something may be left.
            var (left, allGone) = await EndRemainsAsync(mark, record);
            return !allGone ? null
                : left > 0 ? Interrupted($"its folder in .loop is gone; {left} process(es) of it were ended", left)
                : Interrupted("it was not started: the server that was about to ended first or could not write its folder in .loop, or that was removed", 0);
        }

        // Holding the lock from here on keeps a supervisor that comes late from starting the program after all.
        using var fileLock = FileLock.TryAcquire(folder.SupervisorLock);
        if (fileLock is null)
        {
            return null;
        }

        if (folder.ReadOutcome() is { } late)
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

        folder.Write(Interrupted(reason, ended));
        return folder.ReadOutcome();
    }

    /// <summary>Takes back an order that no supervisor has begun with, so that one that comes late finds nothing to do. The folder must be there.</summary>
    /// <returns>False when one has begun, is about to, or was told to end.</returns>
    public static bool TryWithdraw(RunFolder folder, (string Name, string Value) mark)
    {
        using var fileLock = FileLock.TryAcquire(folder.SupervisorLock);
        if (fileLock is null
            || folder.ReadOutcome() is not null || folder.HasBegun || folder.InterruptReason() is not null
            || ProcessTable.AnyWithEnvironment(mark.Name, mark.Value))
        {
            return false;
        }

        folder.RemoveOrder();
        return true;
    }

    private SupervisorOutcome Interrupted(string reason, int ended) =>
        new() { End = SupervisorEnd.Interrupted, Reason = reason, EndedAt = time.GetUtcNow(), EndedProcesses = ended };

    // A program can halt its supervisor, which then holds no limit any more. It is set going again, and does what is due at once.
    private static void KeepGoing(SupervisorRecord? record)
    {
        if (OperatingSystem.IsLinux() && ProcessIdentity.Parse(record?.Supervisor) is { } supervisor && ProcessTable.Read(supervisor.Pid) is { IsStopped: true })
        {
            UnixProcess.Signal(supervisor.Pid, UnixProcess.SignalContinue);
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
                var marked = all.Where(entry => ProcessTable.HasEnvironment(entry.Pid, mark.Name, mark.Value)).ToList();

                // One that shed its environment is still in the supervisor's session; that the session is the run's own, and not a later one of
                // the same number, is known as long as a marked process is in it.
                var sessions = marked.Where(entry => entry.Session == session).Select(static entry => entry.Session).ToHashSet();
                return all.Where(entry => marked.Contains(entry) || sessions.Contains(entry.Session));
            },
            TimeSpan.FromSeconds(1));
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 20, EventName = "RemainsAlive", Level = LogLevel.Warning, Message = "Processes of {Run}, whose supervisor died, do not end; it is looked at again")]
        public static partial void RemainsAlive(ILogger logger, string run);
    }
}
