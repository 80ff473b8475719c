using System.Runtime.InteropServices;

namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>What pairing needs to know of an open start row.</summary>
/// <param name="Line">Its line.</param>
/// <param name="StartTime">When its interval began.</param>
/// <param name="IsInEarlierFile">Whether that line is one of an earlier file than the row at hand.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct OpenStart(int Line, DateTimeOffset? StartTime, bool IsInEarlierFile = false)
{
    /// <summary>Where it stands, for a finding.</summary>
    public string Place => IsInEarlierFile ? $"line {Line} of an earlier file" : $"line {Line}";
}
