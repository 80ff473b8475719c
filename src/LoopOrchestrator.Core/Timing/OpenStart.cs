using System.Runtime.InteropServices;

namespace LoopOrchestrator.Core.Timing;

/// <summary>What pairing needs to know of an open start row.</summary>
/// <param name="Line">Its line.</param>
/// <param name="StartTime">When its interval began.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OpenStart(int Line, DateTimeOffset? StartTime);
