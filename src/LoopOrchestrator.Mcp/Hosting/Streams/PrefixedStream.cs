namespace LoopOrchestrator.Mcp.Hosting.Streams;

/// <summary>A stream of which the beginning has been read already, read from its beginning all the same.</summary>
/// <param name="head">What has been read of it.</param>
/// <param name="rest">The stream, behind that.</param>
internal sealed class PrefixedStream(ReadOnlyMemory<byte> head, Stream rest) : InputStream
{
    private ReadOnlyMemory<byte> _head = head;

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_head.IsEmpty)
        {
            return rest.ReadAsync(buffer, cancellationToken);
        }

        var count = Math.Min(buffer.Length, _head.Length);
        _head[..count].CopyTo(buffer);
        _head = _head[count..];
        return ValueTask.FromResult(count);
    }
}
