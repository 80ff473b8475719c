using System.Runtime.InteropServices;

namespace LoopOrchestrator.Core.Json;

/// <summary>A stretch of a file in bytes from its very start (a byte order mark counts), end exclusive.</summary>
/// <param name="Start">The offset of the first byte.</param>
/// <param name="End">The offset behind the last byte.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ByteSpan(int Start, int End)
{
    /// <summary>The number of bytes.</summary>
    public int Length => End - Start;
}
