using LoopOrchestrator.Core.Workspaces;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>The time log while it is compared with its index. One handle is used throughout, so that a file put in its place by rename changes nothing under way.</summary>
internal sealed class IndexedFile : IDisposable
{
    private const int Remembered = 512;
    private const int ChunkSize = 256 * 1024;
    private const int UsualLine = 512;

    // A system call that writes takes far less.
    private static readonly TimeSpan WriteTime = TimeSpan.FromMilliseconds(5);

    private readonly SafeFileHandle _handle;
    private readonly LongRest _rest;
    private long _written;

    private IndexedFile(SafeFileHandle handle, LongRest rest)
    {
        _handle = handle;
        _rest = rest;
        Look();
    }

    /// <summary>Its length when it was looked at last.</summary>
    public long Length { get; private set; }

    /// <summary>How many bytes were read from it; tests look at that.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Opens the log; <see langword="null"/> where there is none.</summary>
    /// <param name="path">The log.</param>
    /// <param name="rest">What this process knows of a last line that is too long; nothing when not given.</param>
    public static IndexedFile? Open(SharedPath path, LongRest? rest = null)
    {
        try
        {
            return new IndexedFile(path.OpenRead(), rest ?? new LongRest());
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Whether it is in UTF-16 as a whole, and so has no lines at byte offsets.</summary>
    public bool IsUtf16() => Read(0, 2) is [0xFF, 0xFE] or [0xFE, 0xFF];

    /// <summary>
    /// Whether the bytes up to the checkpoint are still those that were taken in, as far as the first and the last of them, the length and the time of the
    /// last write tell. What goes unnoticed: a change in the middle that keeps the length, when rows were appended after the checkpoint was made.
    /// </summary>
    public bool Fits(TimingCheckpoint checkpoint)
    {
        // Another process may have brought the index beyond the length that was seen before.
        Look();
        return Length >= checkpoint.Offset
            && (Length != checkpoint.FileLength || _written == checkpoint.FileWritten || IsBeingWritten())
            && Read(0, checkpoint.Head.Length).AsSpan().SequenceEqual(checkpoint.Head)
            && Read(checkpoint.Offset - checkpoint.Tail.Length, checkpoint.Tail.Length).AsSpan().SequenceEqual(checkpoint.Tail);
    }

    /// <summary>Notes by what the bytes up to the checkpoint are known again.</summary>
    public TimingCheckpoint Mark(TimingCheckpoint checkpoint)
    {
        var head = (int)Math.Min(Remembered, checkpoint.Offset);
        return checkpoint with { FileLength = Length, FileWritten = _written, Head = Read(0, head), Tail = Before(checkpoint.Offset, Remembered) };
    }

    /// <summary>Whether these bytes stand at an offset.</summary>
    public bool Holds(long offset, byte[] bytes) => Read(offset, bytes.Length).AsSpan().SequenceEqual(bytes);

    /// <summary>The last bytes before an offset.</summary>
    public byte[] Before(long offset, int most)
    {
        var count = (int)Math.Min(most, offset);
        return Read(offset - count, count);
    }

    /// <summary>Passes on every complete line between two offsets.</summary>
    /// <returns>What stands after the last line feed.</returns>
    public LineCutter ReadLines(long from, long to, ByteLines.LineAction line)
    {
        var cutter = new LineCutter(line);
        ReadOn(cutter, Begin(cutter, from, to), to);
        return cutter;
    }

    /// <summary>Begins to read at the beginning of a line.</summary>
    /// <returns>Where to read on: behind what is known of that line, when it is too long.</returns>
    public long Begin(LineCutter cutter, long from, long to)
    {
        var until = _rest.Until(_handle, from, to);
        if (until > from)
        {
            cutter.BeginWithin(until - from);
        }

        return until;
    }

    /// <summary>Passes on what stands between two offsets, of which the first is where the cutter has come to.</summary>
    public void ReadOn(LineCutter cutter, long from, long to)
    {
        BytesRead += to - from;
        cutter.Read(_handle, from, to, (int)Math.Clamp(to - from, UsualLine, ChunkSize));
        _rest.Remember(_handle, cutter, to);
    }

    /// <summary>The row that begins at an offset.</summary>
    /// <param name="place">Where it stands.</param>
    /// <param name="header">The header in force there; <see langword="null"/> for the canonical one.</param>
    /// <exception cref="StaleIndexException">There is no such row: the file was changed in its middle.</exception>
    public TimingEntry Row(Place place, string? header)
    {
        var lines = new TimingLines("", [], TimingLinesState.Start with { Line = place.Line - 1, Header = header, SawContent = true });
        return lines.Next(Line(place.Offset), 0) ?? throw new StaleIndexException();
    }

    /// <inheritdoc/>
    public void Dispose() => _handle.Dispose();

    private void Look()
    {
        do
        {
            Length = RandomAccess.GetLength(_handle);
            _written = File.GetLastWriteTimeUtc(_handle).Ticks;
        }
        while (Length != RandomAccess.GetLength(_handle));
    }

    // An append sets the time before the length.
    private bool IsBeingWritten()
    {
        var isLonger = SpinWait.SpinUntil(() => RandomAccess.GetLength(_handle) != Length, WriteTime);
        Look();
        return isLonger;
    }

    private byte[] Line(long offset)
    {
        for (var size = UsualLine; ; size *= 4)
        {
            var bytes = Read(offset, size);
            var end = bytes.AsSpan().IndexOf((byte)'\n');
            if (end >= 0 || bytes.Length < size || size > LineCutter.MaxLine)
            {
                return end >= 0 ? bytes[..end] : bytes;
            }
        }
    }

    private byte[] Read(long offset, int count)
    {
        var bytes = new byte[count];
        var read = RandomAccess.Read(_handle, bytes, offset);
        BytesRead += read;
        return read == count ? bytes : bytes[..read];
    }
}
