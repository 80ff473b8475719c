namespace LoopOrchestrator.Benchmarks.Calls;

/// <summary>Reads lines and counted pieces of a stream; for one thread.</summary>
internal sealed class AnswerReader(Stream stream)
{
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <summary>The next line without its end. Its bytes are overwritten by the next read.</summary>
    public ReadOnlyMemory<byte> ReadLine()
    {
        for (var looked = 0; ;)
        {
            var at = _buffer.AsSpan(_start + looked, _end - _start - looked).IndexOf((byte)'\n');
            if (at >= 0)
            {
                var line = _buffer.AsMemory(_start, looked + at);
                _start += looked + at + 1;
                return line.Length > 0 && line.Span[^1] == '\r' ? line[..^1] : line;
            }

            looked = _end - _start;
            Fill();
        }
    }

    /// <summary>The next bytes, so many of them. They are overwritten by the next read.</summary>
    public ReadOnlyMemory<byte> Read(int count)
    {
        while (_end - _start < count)
        {
            Fill();
        }

        _start += count;
        return _buffer.AsMemory(_start - count, count);
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            (_start, _end) = (0, _end - _start);
        }

        if (_end == _buffer.Length)
        {
            Array.Resize(ref _buffer, _buffer.Length * 2);
        }

        var read = stream.Read(_buffer, _end, _buffer.Length - _end);
        _end += read > 0 ? read : throw new BenchmarkException("The server ended, or closed the connection, before it answered.");
    }
}
