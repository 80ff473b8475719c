using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing;

/// <summary>Cuts bytes into lines without holding more than one chunk and one line of the file.</summary>
internal static class ByteLines
{
    /// <summary>Gets a line without its line feed.</summary>
    public delegate void LineAction(ReadOnlySpan<byte> line);

    /// <summary>Passes on every complete line of <paramref name="bytes"/>.</summary>
    /// <returns>What stands after the last line feed.</returns>
    public static ReadOnlySpan<byte> Split(ReadOnlySpan<byte> bytes, LineAction line)
    {
        while (bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            line(bytes[..end]);
            bytes = bytes[(end + 1)..];
        }

        return bytes;
    }

    /// <summary>Passes on every complete line between two offsets of a file.</summary>
    /// <returns>What stands after the last line feed.</returns>
    public static byte[] Read(SafeFileHandle file, long from, long to, LineAction line, int chunkSize)
    {
        var buffer = new byte[chunkSize];
        var held = 0;
        while (from < to)
        {
            if (held == buffer.Length)
            {
                Array.Resize(ref buffer, checked(buffer.Length * 2));
            }

            var wanted = (int)Math.Min(buffer.Length - held, to - from);
            var read = RandomAccess.Read(file, buffer.AsSpan(held, wanted), from);
            if (read == 0)
            {
                break;
            }

            from += read;
            // Only the new part can hold a line feed that was not seen yet.
            var first = buffer.AsSpan(held, read).IndexOf((byte)'\n');
            held += read;
            if (first >= 0)
            {
                var rest = Split(buffer.AsSpan(0, held), line);
                rest.CopyTo(buffer);
                held = rest.Length;
            }
        }

        return buffer[..held];
    }
}
