using System.Runtime.InteropServices;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>What sums need of a complete interval. The index holds its bytes as they are in memory.</summary>
/// <param name="Start">UTC ticks.</param>
/// <param name="End">UTC ticks.</param>
/// <param name="Seconds">Its duration.</param>
/// <param name="Mode">The number of its mode in the index.</param>
/// <param name="Priority">The number of its priority.</param>
/// <param name="Task">The number of its task.</param>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
internal readonly record struct Interval(long Start, long End, long Seconds, int Mode, int Priority, int Task);
