namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Standard input whose lines have an end. What a line has beyond the limit is dropped as it comes, so that a client that never
/// ends its line cannot fill the memory; the rest of that line is no message any more, and the next line is read as always.
/// </summary>
/// <param name="inner">The input.</param>
/// <param name="maxLineBytes">The most bytes of a line, its end not counted.</param>
/// <param name="onTooLong">Called once for each line that is too long, when its limit is passed.</param>
internal sealed class LineLimitStream(Stream inner, int maxLineBytes, Action onTooLong) : InputStream
{
    private const byte LineEnd = (byte)'\n';
    private int _inLine;
    private bool _dropping;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (true)
        {
            var read = await inner.ReadAsync(buffer, cancellationToken);
            if (read == 0)
            {
                return 0;
            }

            // Zero would mean the end of input, so a read of which nothing is left is followed by another one.
            if (Compact(buffer.Span[..read]) is > 0 and var kept)
            {
                return kept;
            }
        }
    }

    // Moves what counts to the front of what was read. It is done in place, because what is kept never overtakes what is looked at.
    private int Compact(Span<byte> read)
    {
        var kept = 0;
        for (var at = 0; at < read.Length;)
        {
            var end = read[at..].IndexOf(LineEnd);
            var length = end < 0 ? read.Length - at : end;
            var room = Math.Min(length, maxLineBytes - _inLine);
            read.Slice(at, room).CopyTo(read[kept..]);
            kept += room;
            _inLine += room;
            if (room < length && !_dropping)
            {
                _dropping = true;
                onTooLong();
            }

            at += length;
            if (end >= 0)
            {
                read[kept++] = LineEnd;
                at++;
                _inLine = 0;
                _dropping = false;
            }
        }

        return kept;
    }
}
