using LoopOrchestrator.Mcp.Hosting.Streams;

namespace LoopOrchestrator.Mcp.Hosting.Connections;

/// <summary>The body of a request, which says when it has been read to its end.</summary>
/// <param name="body">The body.</param>
/// <param name="ended">Called at the end, once: whoever counts bodies would count one twice that is read again at its end.</param>
internal sealed class ObservedBody(Stream body, Action ended) : InputStream
{
    private bool _hasEnded;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        if (read == 0 && buffer.Length > 0 && !_hasEnded)
        {
            _hasEnded = true;
            ended();
        }

        return read;
    }
}
