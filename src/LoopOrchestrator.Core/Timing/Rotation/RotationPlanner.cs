using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Timing.Months;
using LoopOrchestrator.Core.Timing.Rows;
using Microsoft.Win32.SafeHandles;

namespace LoopOrchestrator.Core.Timing.Rotation;

/// <summary>
/// Finds where a time log is cut. A row belongs to the month of the moment in its first column, or of its start or end where it has none
/// there, but never to an earlier month than the row before it: so the files one behind the other hold the rows in the order in which
/// they were written, and are summed as before. Lines without a date go with the row before them, and so do dates that are still to come.
/// Reads bit by bit, and no further than to the first row of a month that is not over. Used once.
/// </summary>
internal sealed class RotationPlanner
{
    private const int Piece = 1024 * 1024;
    private const int ChunkSize = 128 * 1024;
    private const int ByteOrderMark = 3;

    private readonly DateTimeOffset _now;
    private readonly Month? _latestFile;
    private readonly List<Diagnostic> _unused = [];
    private readonly List<RotationPlan.Part> _months = [];
    private readonly TimingLines _lines;
    private long _offset;
    private long _kept;
    private string? _keptHeader;
    private string _lineEnd = "\n";
    private RotationPlan.Part? _open;
    private long _from;
    private int _count;
    private string? _header;
    private string? _why;
    private bool _isDone;

    private RotationPlanner(DateTimeOffset now, Month? latestFile)
    {
        _now = now;
        _latestFile = latestFile;
        _lines = new TimingLines("", _unused);
    }

    /// <summary>Plans; the last line counts only when it is complete.</summary>
    /// <param name="log">The log.</param>
    /// <param name="latestFile">The latest month that has a file and is over: nothing goes into an earlier one any more.</param>
    /// <param name="now">The time.</param>
    public static RotationPlan Of(SafeFileHandle log, Month? latestFile, DateTimeOffset now)
    {
        var planner = new RotationPlanner(now, latestFile);
        planner.Read(log);
        return planner.Finish();
    }

    private void Read(SafeFileHandle log)
    {
        Span<byte> head = stackalloc byte[ByteOrderMark];
        if (RandomAccess.Read(log, head, 0) == ByteOrderMark && head is [0xEF, 0xBB, 0xBF])
        {
            (_kept, _from) = (ByteOrderMark, ByteOrderMark);
        }

        var cutter = new LineCutter(Line);
        var length = RandomAccess.GetLength(log);
        for (var at = 0L; at < length && !_isDone && cutter.RestLength <= LineCutter.MaxLine; at += Piece)
        {
            cutter.Read(log, at, Math.Min(length, at + Piece), ChunkSize);
        }

        if (cutter.RestLength > LineCutter.MaxLine && !_isDone)
        {
            EndAtLongLine(_lines.Line + 1, _lines.State.Header);
        }
    }

    private RotationPlan Finish()
    {
        if (!_isDone)
        {
            _header = _lines.State.Header;
        }

        Close();
        return new RotationPlan(_kept, _keptHeader, _months, _header, _lineEnd, _why);
    }

    private void Line(ReadOnlySpan<byte> line, long length)
    {
        if (_isDone)
        {
            return;
        }

        var header = _lines.State.Header;
        var (isFirst, headers) = (_lines.State.AllLines == 0, _lines.Headers);
        var row = _lines.Next(line, length);
        _unused.Clear();
        if (length > LineCutter.MaxLine)
        {
            EndAtLongLine(_lines.Line, header);
            return;
        }

        if (isFirst && line.EndsWith("\r"u8))
        {
            _lineEnd = "\r\n";
        }

        if (
            (row?.Timestamp ?? row?.StartTime ?? row?.EndTime) is { } moment
            && Month.Of(moment) is var written
            && written.Number <= Month.Of(_now).Number
        )
        {
            Take(written, header);
        }

        if (_isDone)
        {
            return;
        }

        _offset += length + 1;
        _count++;
        if (_lines.Headers > headers && _lines.State is { Headers: 1, NotUnderstood: 0 } state && state.AllLines == state.BlankLines + 1)
        {
            (_kept, _from, _count, _keptHeader) = (_offset, _offset, 0, state.Header);
        }
    }

    private void Take(Month written, string? header)
    {
        var least = _open?.Month ?? _latestFile;
        var month = least is { } before && before.Number > written.Number ? before : written;
        if (!month.IsOver(_now))
        {
            End(header);
        }
        else if (_open?.Month != month)
        {
            var isFirst = _open is null;
            Close();
            _open = new RotationPlan.Part(month, isFirst ? _from : _offset, 0, 0, isFirst ? _keptHeader : header);
        }
    }

    private void EndAtLongLine(int number, string? header)
    {
        _why = $"Line {number} is longer than a row may be: it stays, and so does what follows it. Take it out of the file.";
        End(header);
    }

    private void End(string? header)
    {
        _isDone = true;
        _header = header;
    }

    private void Close()
    {
        if (_open is { } part)
        {
            _months.Add(part with { To = _offset, Lines = _count });
            _count = 0;
        }
    }
}
