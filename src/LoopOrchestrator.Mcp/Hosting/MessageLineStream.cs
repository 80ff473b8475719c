using LoopOrchestrator.Mcp.Hosting.Streams;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Standard input of which each line is a message. A line that is none is answered, because its sender waits for that, and not passed on;
/// the SDK would drop it in silence. A line that passes the limit is answered at once and dropped as it comes, so that a client that never
/// ends its line cannot fill the memory; the next line is read as always.
/// </summary>
/// <param name="inner">The input.</param>
/// <param name="maxLineBytes">The most bytes of a line, its end not counted.</param>
/// <param name="refuse">Sends a line that says what was wrong.</param>
/// <param name="onTooLong">Called once for each line that passes the limit.</param>
internal sealed class MessageLineStream(
    Stream inner,
    int maxLineBytes,
    Func<ReadOnlyMemory<byte>, CancellationToken, Task> refuse,
    Action onTooLong
) : InputStream
{
    private const byte LineEnd = (byte)'\n';
    private const int ReadSize = 16 * 1024;
    private const int MaxKeptLength = 1024 * 1024;

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    private byte[] _buffer = new byte[ReadSize];
    private int _start;
    private int _checked;
    private int _end;
    private bool _isOver;
    private bool _hasBegun;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0;
        }

        while (_checked == _start)
        {
            if (await FindLineAsync(cancellationToken) is not { } length)
            {
                return 0;
            }

            // Writers of UTF-8 may begin with its mark; it is no part of the first message.
            if (!_hasBegun && _buffer.AsSpan(_start, length).StartsWith(ByteOrderMark))
            {
                _start = _checked = _start + ByteOrderMark.Length;
                length -= ByteOrderMark.Length;
            }

            _hasBegun = true;
            if (JsonRpcLine.Refusal(_buffer.AsSpan(_start, length)) is { } refusal)
            {
                await refuse(refusal, cancellationToken);
                _start = _checked = _start + length;
            }
            else
            {
                _checked = _start + length;
            }
        }

        var count = Math.Min(buffer.Length, _checked - _start);
        _buffer.AsMemory(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    // The length of the next line with its end, or of the rest when the input is over; null when nothing is left.
    private async ValueTask<int?> FindLineAsync(CancellationToken cancellationToken)
    {
        var looked = _start;
        while (true)
        {
            var at = _buffer.AsSpan(looked, _end - looked).IndexOf(LineEnd);
            var line = (at < 0 ? _end : looked + at) - _start;
            if (line > maxLineBytes)
            {
                onTooLong();
                await refuse(JsonRpcLine.TooLong(maxLineBytes), cancellationToken);
                await DropLineAsync(cancellationToken);
                looked = _start;
            }
            else if (at >= 0)
            {
                return line + 1;
            }
            else if (_isOver)
            {
                return line > 0 ? line : null;
            }
            else
            {
                MakeRoom();
                looked = _end;
                await FillAsync(cancellationToken);
            }
        }
    }

    // Up to the end of the line that begins at the start, its end included.
    private async ValueTask DropLineAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var at = _buffer.AsSpan(_start, _end - _start).IndexOf(LineEnd);
            _start = _checked = at < 0 ? _end : _start + at + 1;
            if (at >= 0 || _isOver)
            {
                return;
            }

            MakeRoom();
            await FillAsync(cancellationToken);
        }
    }

    private async ValueTask FillAsync(CancellationToken cancellationToken)
    {
        var read = await inner.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        _end += read;
        _isOver = read == 0;
    }

    private void MakeRoom()
    {
        var length = _end - _start;
        var size = length + ReadSize <= _buffer.Length ? _buffer.Length : Math.Max(2 * _buffer.Length, length + ReadSize);
        if (length < ReadSize && _buffer.Length > MaxKeptLength)
        {
            size = 2 * ReadSize;
        }

        if (size != _buffer.Length)
        {
            var larger = new byte[size];
            _buffer.AsSpan(_start, length).CopyTo(larger);
            _buffer = larger;
        }
        else
        {
            _buffer.AsSpan(_start, length).CopyTo(_buffer);
        }

        (_start, _checked, _end) = (0, 0, length);
    }
}
