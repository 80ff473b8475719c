using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Core.Timing.Months;
using LoopOrchestrator.Core.Timing.Rows;

namespace LoopOrchestrator.Core.Timing.Indexing;

/// <summary>
/// The time log while it is compared with its index: the months that are over and the log, one behind the other. The same handles are
/// used throughout, so that a file put in the place of one by rename changes nothing under way.
/// </summary>
internal sealed class IndexedFile : IDisposable
{
    private const int Remembered = 512;
    private const int ChunkSize = 256 * 1024;
    private const int UsualLine = 512;

    // A system call that writes takes far less.
    private static readonly TimeSpan WriteTime = TimeSpan.FromMilliseconds(5);

    private readonly LogParts _parts;
    private readonly LongRest _rest;
    private long _written;

    private IndexedFile(LogParts parts, LongRest rest)
    {
        _parts = parts;
        _rest = rest;
        Months = string.Join('\n', parts.Months.Select(static part => part.Stamp));
        Inspect();
    }

    /// <summary>The length of all, when the log was looked at last.</summary>
    public long Length => Base + _parts.Log.Bytes;

    /// <summary>Where the log itself begins, behind the months.</summary>
    public long Base => _parts.Log.Start;

    /// <summary>What tells another state of the months.</summary>
    public string Months { get; }

    /// <summary>What tells the log's file from any other; <see langword="null"/> where the system has nothing of the kind.</summary>
    public UInt128? Identity => _parts.Log.Handle is { } log ? SpecialFile.Identity(log) : null;

    /// <summary>Files of months that cannot be read.</summary>
    public IReadOnlyList<Diagnostic> Problems => _parts.Problems;

    /// <summary>How many bytes were read from it; tests look at that.</summary>
    public long BytesRead { get; private set; }

    /// <summary>Opens the log with its months; <see langword="null"/> where there is none of these.</summary>
    /// <param name="paths">The workspace.</param>
    /// <param name="rest">What this process knows of a last line that is too long; nothing when not given.</param>
    public static IndexedFile? Open(WorkspacePaths paths, LongRest? rest = null) => Of(LogParts.Open(paths), rest);

    /// <summary>Opens the log without its months, as if there were none; <see langword="null"/> where it is missing.</summary>
    /// <inheritdoc cref="Open"/>
    public static IndexedFile? OpenLogOnly(WorkspacePaths paths, LongRest? rest = null) => Of(LogParts.OpenLogOnly(paths), rest);

    /// <summary>Whether a file is in UTF-16 as a whole, and so has no lines at byte offsets.</summary>
    public bool IsUtf16() => _parts.All.Any(static part => part.IsUtf16);

    /// <summary>
    /// Whether the bytes up to the checkpoint are still those that were taken in, as far as the first and the last of them, the length and
    /// the time of the
    /// last write tell. What goes unnoticed: a change in the middle that keeps the length, when rows were appended after the checkpoint was
    /// made.
    /// </summary>
    public bool Fits(TimingCheckpoint checkpoint)
    {
        // Another process may have brought the index beyond the length that was seen before.
        Inspect();
        return checkpoint.Months == Months
            && Length >= checkpoint.Offset
            && (Length != checkpoint.FileLength || _written == checkpoint.FileWritten || IsBeingWritten())
            && Read(0, checkpoint.Head.Length).AsSpan().SequenceEqual(checkpoint.Head)
            && Read(checkpoint.Offset - checkpoint.Tail.Length, checkpoint.Tail.Length).AsSpan().SequenceEqual(checkpoint.Tail);
    }

    /// <summary>Notes by what the bytes up to the checkpoint are known again.</summary>
    public TimingCheckpoint Mark(TimingCheckpoint checkpoint)
    {
        var head = (int)Math.Min(Remembered, checkpoint.Offset);
        return checkpoint with
        {
            Months = Months,
            FileLength = Length,
            FileWritten = _written,
            Head = Read(0, head),
            Tail = Before(checkpoint.Offset, Remembered),
        };
    }

    /// <summary>The file that a line at an offset belongs to: its name, and where it begins.</summary>
    public (string Name, long Start) FileAt(long offset)
    {
        var part = _parts.All.Last(part => part.Start <= offset);
        return (part.Name, part.Start);
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
    /// <param name="from">The beginning of a line.</param>
    /// <param name="to">Where to end.</param>
    /// <param name="line">Gets the lines.</param>
    /// <param name="begin">Called with a file's name before its first line; every file but the last ends with its last line.</param>
    /// <returns>What stands after the last line feed.</returns>
    public LineCutter ReadLines(long from, long to, ByteLines.LineAction line, Action<string> begin)
    {
        var cutter = new LineCutter(line);
        ReadOn(cutter, Begin(cutter, from, to), to, begin);
        return cutter;
    }

    /// <summary>Begins to read at the beginning of a line.</summary>
    /// <returns>Where to read on: behind what is known of that line, when it is too long.</returns>
    public long Begin(LineCutter cutter, long from, long to)
    {
        if (from <= Base || _parts.Log.Handle is not { } log)
        {
            return from;
        }

        var until = _rest.Until(log, from - Base, to - Base) + Base;
        if (until > from)
        {
            cutter.BeginWithin(until - from);
        }

        return until;
    }

    /// <summary>Passes on what stands between two offsets, of which the first is where the cutter has come to.</summary>
    public void ReadOn(LineCutter cutter, long from, long to, Action<string> begin)
    {
        BytesRead += to - from;
        var chunk = (int)Math.Clamp(to - from, UsualLine, ChunkSize);
        foreach (var part in _parts.All)
        {
            var (first, last) = (Math.Max(from, part.Start), Math.Min(to, part.End));
            if (first >= last)
            {
                continue;
            }

            if (first == part.Start)
            {
                begin(part.Name);
            }

            part.Cut(cutter, first - part.Start, last - part.Start, chunk);
        }

        if (_parts.Log.Handle is { } log && to > Base)
        {
            _rest.Remember(log, cutter, to - Base);
        }
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
    public void Dispose() => _parts.Dispose();

    private static IndexedFile? Of(LogParts? parts, LongRest? rest) =>
        parts is null ? null : new IndexedFile(parts, rest ?? new LongRest());

    private long Measured() => _parts.Log.Handle is { } log ? RandomAccess.GetLength(log) : 0;

    private void Inspect()
    {
        do
        {
            _parts.Measure(Measured());
            _written = _parts.Log.Handle is { } log ? File.GetLastWriteTimeUtc(log).Ticks : 0;
        } while (_parts.Log.Bytes != Measured());
    }

    // An append sets the time before the length.
    private bool IsBeingWritten()
    {
        var isLonger = SpinWait.SpinUntil(() => Measured() != _parts.Log.Bytes, WriteTime);
        Inspect();
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
        var bytes = new byte[Math.Max(0, count)];
        var read = 0;
        foreach (var part in _parts.All)
        {
            if (read < bytes.Length && part.Start <= offset + read)
            {
                read += part.Read(bytes.AsSpan(read), offset + read - part.Start);
            }
        }

        BytesRead += read;
        return read == bytes.Length ? bytes : bytes[..read];
    }
}
