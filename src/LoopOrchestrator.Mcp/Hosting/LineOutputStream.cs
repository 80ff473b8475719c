namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Standard output in whole lines: what the SDK writes in pieces is passed on when its line has ended, so that somebody else can write a
/// line of their own between two of the SDK's and never into one.
/// </summary>
/// <param name="inner">The output.</param>
internal sealed class LineOutputStream(Stream inner) : Stream
{
    private const byte LineEnd = (byte)'\n';
    private const int MaxKeptCapacity = 1024 * 1024;

    private readonly SemaphoreSlim _turn = new(1);
    private readonly MemoryStream _line = new();

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException("Standard output has no length.");

    public override long Position
    {
        get => throw new NotSupportedException("Standard output has no position.");
        set => throw new NotSupportedException("Standard output has no position.");
    }

    /// <summary>Writes a line of one's own, its end included, and flushes it.</summary>
    public async Task WriteLineAsync(ReadOnlyMemory<byte> line, CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await inner.WriteAsync(line, cancellationToken);
            await inner.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            var end = buffer.Span.LastIndexOf(LineEnd) + 1;
            if (end > 0)
            {
                if (_line.Length > 0)
                {
                    await inner.WriteAsync(_line.GetBuffer().AsMemory(0, (int)_line.Length), cancellationToken);
                    _line.SetLength(0);
                    if (_line.Capacity > MaxKeptCapacity)
                    {
                        _line.Capacity = 0;
                    }
                }

                await inner.WriteAsync(buffer[..end], cancellationToken);
            }

            _line.Write(buffer.Span[end..]);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            await inner.FlushAsync(cancellationToken);
        }
        finally
        {
            _turn.Release();
        }
    }

    public override void Flush() => throw new NotSupportedException("Standard output is written asynchronously.");

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Standard output is only written.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("Standard output has no position.");

    public override void SetLength(long value) => throw new NotSupportedException("Standard output has no length.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("Standard output is written asynchronously.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _line.Dispose();
            _turn.Dispose();
        }

        base.Dispose(disposing);
    }
}
