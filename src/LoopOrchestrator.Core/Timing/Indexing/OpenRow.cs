using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>An open start row and where it stands.</summary>
/// <param name="Offset">Its first byte in the file.</param>
/// <param name="Line">Its line.</param>
/// <param name="Start">When its interval began, in UTC ticks.</param>
/// <param name="Entry">The row, while it is at hand; else it is read from the file.</param>
internal sealed record OpenRow(long Offset, int Line, long Start, TimingEntry? Entry = null);
