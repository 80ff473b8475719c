using LoopOrchestrator.Mcp.Pages.Layout;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>
/// What comes of a form: another address, so that going back or loading again sends nothing twice; or a page with what is wrong.
/// </summary>
internal sealed record PageAnswer
{
    /// <summary>The address to go to.</summary>
    public PageUrl? Target { get; private init; }

    /// <summary>The page to show in its place.</summary>
    public Page? Page { get; private init; }

    /// <summary>It is done; see there.</summary>
    public static PageAnswer GoTo(PageUrl target) => new() { Target = target };

    /// <summary>It is not done, for what the page says.</summary>
    public static PageAnswer Show(Page page) => new() { Page = page };
}
