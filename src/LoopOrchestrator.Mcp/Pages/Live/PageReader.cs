namespace LoopOrchestrator.Mcp.Pages.Live;

/// <summary>A page that is open, until it is disposed of. Safe for any number of threads.</summary>
/// <param name="news">What it is told.</param>
/// <param name="group">With which others it is told.</param>
internal sealed class PageReader(PageNews news, int group) : IDisposable
{
    private int _isClosed;

    /// <summary>
    /// With which others it is told: those of the first group at once, each other group a little after the one before it.
    /// </summary>
    public int Group => group;

    /// <summary>The number of the latest news that it may tell.</summary>
    public long Number => news.NumberOf(group);

    /// <summary>Waits for news behind a number; whatever came between is told with it.</summary>
    public Task WaitAsync(long after, CancellationToken cancellationToken) => news.WaitAsync(group, after, cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            news.Close(group);
        }
    }
}
