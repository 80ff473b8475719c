namespace LoopOrchestrator.Core.Files;

/// <summary>
/// Has the loops of a workspace look at once: those of this process by a signal, those of other processes by <see cref="RunBell"/>. Safe
/// for many threads.
/// </summary>
internal sealed class LoopBell(WorkspacePaths paths)
{
    /// <summary>Wakes the loop of schedules and runs in this process.</summary>
    public WakeSignal Runs { get; } = new();

    /// <summary>Wakes the loop of cycles in this process, which is woken after each look of the other one as well.</summary>
    public WakeSignal Cycles { get; } = new();

    /// <summary>Has all processes look: something was changed that a loop follows up.</summary>
    public void Ring()
    {
        Runs.Set();
        RunBell.Ring(paths.Bell);
    }
}
