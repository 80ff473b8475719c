using System.Runtime.InteropServices;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>Where the row of an <see cref="Interval"/> stands in the file, and what kind of row it is.</summary>
/// <param name="Offset">Its first byte.</param>
/// <param name="Line">Its line.</param>
/// <param name="Kind">Whether it closes a start row.</param>
[StructLayout(LayoutKind.Sequential, Pack = sizeof(int))]
internal readonly record struct Place(long Offset, int Line, TimingEntryKind Kind);
