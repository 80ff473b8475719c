using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>
/// Cuts bytes into lines without holding more than one chunk and one line of the file, and of a line that is too long only its beginning.
/// </summary>
internal static class ByteLines
{
    /// <summary>Gets a line without its line feed, or the beginning of one that is too long to be held.</summary>
    /// <param name="line">One byte more than <see cref="LineCutter.MaxLine"/> at the most.</param>
    /// <param name="length">How many bytes the line has, without its line feed.</param>
    public delegate void LineAction(ReadOnlySpan<byte> line, long length);

    /// <summary>Passes on every complete line of <paramref name="bytes"/>, whole.</summary>
    /// <returns>What stands after the last line feed.</returns>
    public static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> bytes, LineAction line)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            line(bytes[..end], end);
            bytes = bytes[(end + 1)..];
        }

        return bytes;
    }

    /// <summary>Passes on every complete line between two offsets of a file.</summary>
    /// <returns>What stands after the last line feed.</returns>
    public static LineCutter Read(SafeFileHandle file, long from, long to, LineAction line, int chunkSize)
    {
        var cutter = new LineCutter(line);
        cutter.Read(file, from, to, chunkSize);
        return cutter;
    }
}
