using System.Buffers;
using LoopOrchestrator.Core.Files;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Rows;

/// <summary>
/// Cuts what is read bit by bit into lines. Memory holds one chunk and the beginning of one line, however long that is: the rest of a line
/// longer than <see cref="MaxLine"/> is counted only. Used by one thread.
/// </summary>
/// <param name="line">Gets each complete line.</param>
internal sealed class LineCutter(ByteLines.LineAction line)
{
    /// <summary>The longest line that is held, in bytes. One byte more of a longer one is held, so that it shows.</summary>
    public const int MaxLine = FileSizes.TimingLine;

    private readonly ArrayBufferWriter<byte> _held = new();

    /// <summary>What came after the last line feed: its beginning, where it is too long.</summary>
    public ReadOnlySpan<byte> Rest => _held.WrittenSpan;

    /// <summary>How many bytes came after the last line feed.</summary>
    public long RestLength { get; private set; }

    /// <summary>Takes a part of a file.</summary>
    public void Read(SafeFileHandle file, long from, long to, int chunkSize)
    {
        var buffer = new byte[chunkSize];
        while (from < to)
        {
            if (RestLength > MaxLine && SparseFile.NextData(file, from) is var data && data > from)
            {
                // Whatever its bytes are, they are counted only: those that were never written need not be read for that.
                RestLength += Math.Min(to, data) - from;
                from = Math.Min(to, data);
                continue;
            }

            var read = RandomAccess.Read(file, buffer.AsSpan(0, (int)Math.Min(buffer.Length, to - from)), from);
            if (read == 0)
            {
                return;
            }

            from += read;
            Add(buffer.AsSpan(0, read));
        }
    }

    /// <summary>Begins within a line that is too long, of which so many bytes are known to have no end.</summary>
    public void BeginWithin(long known)
    {
        Hold(new byte[MaxLine + 1]);
        RestLength = known;
    }

    /// <summary>Takes what comes next.</summary>
    public void Add(ReadOnlySpan<byte> bytes)
    {
        if (RestLength > 0 && bytes.IndexOf((byte)'\n') is >= 0 and var end)
        {
            Hold(bytes[..end]);
            line(Rest, RestLength);
            _held.ResetWrittenCount();
            RestLength = 0;
            bytes = bytes[(end + 1)..];
        }

        Hold(RestLength > 0 ? bytes : ByteLines.Split(bytes, line));
    }

    private void Hold(ReadOnlySpan<byte> bytes)
    {
        var room = MaxLine + 1 - _held.WrittenCount;
        _held.Write(bytes[..Math.Min(room, bytes.Length)]);
        RestLength += bytes.Length;
    }
}
