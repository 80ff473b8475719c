namespace LoopOrchestrator.Mcp.Hosting.Channel;

/// <summary>
/// What a session is still to be told. What was there before it is for whoever asks (<c>get_status</c>); what has come since is told once,
/// and that is what is so since a moment of the session, or was not there at the look before: no record says when a run came back because
/// its questions were answered or its holder was given up.
/// </summary>
/// <param name="begin">When the session began. Moments are kept to the millisecond.</param>
internal sealed class ChannelMemory(DateTimeOffset begin)
{
    private readonly HashSet<string> _came = new(StringComparer.Ordinal);
    private readonly HashSet<string> _told = new(StringComparer.Ordinal);
    private HashSet<string>? _before;

    /// <summary>Takes in what was found, and says what of it is to be told.</summary>
    public IReadOnlyList<ChannelNews> Take(ChannelLook look)
    {
        var keys = look.News.Select(static one => one.Key).ToHashSet(StringComparer.Ordinal);
        _came.UnionWith(look.News.Where(one => one.Since >= begin || _before?.Contains(one.Key) == false).Select(static one => one.Key));
        if (look.IsComplete)
        {
            _came.IntersectWith(keys);
            _told.IntersectWith(keys);
        }

        _before = look.IsComplete ? keys : null;
        return [.. look.News.Where(one => _came.Contains(one.Key) && !_told.Contains(one.Key))];
    }

    /// <summary>Notes that it was told.</summary>
    public void Note(ChannelNews news) => _told.Add(news.Key);
}
