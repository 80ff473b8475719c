namespace LoopOrchestrator.Mcp.Hosting.Streams;

/// <summary>The body of a request is no JSON.</summary>
/// <param name="position">At which byte it is none.</param>
/// <param name="isEmpty">Whether there was nothing but white space.</param>
internal sealed class NotJsonException(long position, bool isEmpty) : IOException($"no JSON at byte {position}")
{
    /// <summary>At which byte it is none.</summary>
    public long Position => position;

    /// <summary>Whether there was nothing but white space.</summary>
    public bool IsEmpty => isEmpty;
}
