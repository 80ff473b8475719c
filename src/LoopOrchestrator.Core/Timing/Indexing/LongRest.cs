using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Rows;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>
/// Remembers how far a last line that is too long for a row was read without finding its end, so that it is not read again for each row
/// that is appended. For one process and one log. Safe for many threads.
/// </summary>
internal sealed class LongRest
{
    private readonly Lock _gate = new();
    private (UInt128? File, long From, long Until) _known;

    /// <summary>Up to where no line feed stands from an offset on; the offset itself where nothing is known.</summary>
    public long Until(SafeFileHandle file, long from, long to)
    {
        lock (_gate)
        {
            return _known.File is { } known && _known.From == from && _known.Until <= to && SpecialFile.Identity(file) == known
                ? _known.Until
                : from;
        }
    }

    /// <summary>Notes what was read.</summary>
    public void Remember(SafeFileHandle file, LineCutter cutter, long to)
    {
        if (cutter.RestLength > LineCutter.MaxLine)
        {
            lock (_gate)
            {
                _known = (SpecialFile.Identity(file), to - cutter.RestLength, to);
            }
        }
    }
}
