namespace LoopOrchestrator.Mcp.Hosting.Streams;

/// <summary>
/// Standard input that says when the client has gone. The SDK ends its session at the end of input only when every call in flight
/// has ended by itself, so the end must reach the host as an order to stop.
/// </summary>
/// <param name="inner">The input.</param>
/// <param name="grace">
/// How long the end is held back, so that a client that writes its requests and closes at once still gets its answers.
/// </param>
/// <param name="onEnd">Called once, when input has ended and the grace is over.</param>
/// <param name="time">The clock of the grace.</param>
internal sealed class EndOfInputStream(Stream inner, TimeSpan grace, Action onEnd, TimeProvider time) : InputStream
{
    private int _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        int read;
        try
        {
            read = await inner.ReadAsync(buffer, cancellationToken);
        }
        catch (IOException)
        {
            // The other end broke: the same as its end.
            read = 0;
        }

        if (read == 0 && !buffer.IsEmpty && Interlocked.Exchange(ref _ended, 1) == 0)
        {
            await Task.Delay(grace, time, CancellationToken.None);
            onEnd();
        }

        return read;
    }
}
