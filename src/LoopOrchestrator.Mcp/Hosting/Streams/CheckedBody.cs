namespace LoopOrchestrator.Mcp.Hosting.Streams;

/// <summary>
/// A body that must be one JSON document and is too large to be looked at before: what reads it is stopped where it is none.
/// </summary>
/// <param name="body">The body.</param>
internal sealed class CheckedBody(Stream body) : InputStream
{
    private readonly JsonSyntax _syntax = new();

    /// <inheritdoc/>
    /// <exception cref="NotJsonException">What has come is not the beginning of a document, or the end of none.</exception>
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await body.ReadAsync(buffer, cancellationToken);
        if (read == 0 && !buffer.IsEmpty ? !_syntax.IsComplete : !_syntax.Read(buffer.Span[..read]))
        {
            throw new NotJsonException(_syntax.Position, _syntax.IsEmpty);
        }

        return read;
    }
}
