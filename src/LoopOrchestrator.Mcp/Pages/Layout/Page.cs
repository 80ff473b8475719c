namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>What a page shows, without the frame that all have.</summary>
/// <param name="Title">Its title: the heading, and first in the window's title.</param>
/// <param name="Body">What stands below the heading.</param>
internal sealed record Page(string Title, Html Body)
{
    /// <summary>The path of the <see cref="NavigationItem"/> that it belongs to; none for one outside of them.</summary>
    public string? Of { get; init; }

    /// <summary>What is done with all of it, beside the heading.</summary>
    public Html Actions { get; init; }

    /// <summary>
    /// Whether it is fetched again when something changes. Its elements with an id and <c>data-part</c> are put in place then, each by
    /// itself; what people write into stands outside of them.
    /// </summary>
    public bool IsLive { get; init; }

    /// <summary>What a screen reader says once this has become another text; none says nothing.</summary>
    public string? Said { get; init; }

    /// <summary>Whether it is about all workspaces of a server that serves several.</summary>
    public bool IsOfAll { get; init; }

    /// <summary>The status of the answer.</summary>
    public int Status { get; init; } = 200;

    /// <summary>How long it took to read what is shown, where that is measured by itself.</summary>
    public TimeSpan? Reading { get; init; }
}
