using System.Text;
using LoopOrchestrator.Core.Agents.Supervision.Files;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Processes;

namespace LoopOrchestrator.Core.Agents.Supervision;

/// <summary>Tells the supervisor of a run to end it. May be repeated.</summary>
internal static class CancelOrder
{
    /// <summary>Leaves the order of somebody who cancelled it in the run's folder and wakes the supervisor.</summary>
    public static void Give(RunFolder folder, string reason) => Give(folder, folder.Cancel, reason);

    /// <summary>As above, for a run that nobody cancelled: it ends as interrupted.</summary>
    public static void Interrupt(RunFolder folder, string reason) => Give(folder, folder.Interrupt, reason);

    private static void Give(RunFolder folder, string file, string reason)
    {
        if (!Directory.Exists(folder.FullPath))
        {
            // It is made by whoever begins, who knows by the store that the end was asked for.
            return;
        }

        DurableFile.Replace(file, Encoding.UTF8.GetBytes(reason));

        // One that is just coming up finds the file; one that is there already is woken.
        if (
            !OperatingSystem.IsWindows()
            && ProcessIdentity.Parse(folder.ReadRecord()?.Supervisor) is { } supervisor
            && supervisor.IsAlive()
        )
        {
            UnixProcess.Signal(supervisor.Pid, UnixProcess.SignalTerminate);
        }
    }
}
