namespace LoopOrchestrator.Mcp.Hosting.Connections;

/// <summary>A connection that has a place. Guarded by the lock of <see cref="ConnectionPlaces"/>.</summary>
/// <param name="id">The connection.</param>
/// <param name="peer">Where it comes from.</param>
/// <param name="close">Closes it.</param>
internal sealed class HeldConnection(string id, string peer, Action close)
{
    public string Id => id;

    public string Peer => peer;

    /// <summary>How many of its requests are being answered.</summary>
    public int Requests { get; set; }

    /// <summary>How many of them are still coming: their bodies are not there whole.</summary>
    public int Bodies { get; set; }

    /// <summary>Whether nobody is at work for it, so that its place may be given to somebody else.</summary>
    public bool MayGo => Requests == Bodies;

    /// <summary>Whether one of its requests has been answered.</summary>
    public bool Served { get; set; }

    /// <summary>Since when it has had no request, or has been sending its body, as a timestamp of the clock.</summary>
    public long IdleSince { get; set; }

    /// <summary>Whether it has never sent a whole request head.</summary>
    public bool IsSilent => Requests == 0 && !Served;

    public void Close() => close();
}
