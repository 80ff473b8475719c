namespace LoopOrchestrator.Core.Processes;

/// <summary>One row of Linux's process table.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Parent">Its parent now; an orphan's is its nearest living subreaper.</param>
/// <param name="Session">The id of its session.</param>
/// <param name="Start">Its start in clock ticks since boot.</param>
/// <param name="IsStopped">Somebody has halted it with a signal.</param>
/// <param name="IsZombie">It has ended and waits for its parent to read its exit.</param>
internal sealed record ProcessEntry(int Pid, int Parent, int Session, long Start, bool IsZombie, bool IsStopped);
