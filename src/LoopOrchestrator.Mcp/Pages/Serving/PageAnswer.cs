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

    /// <summary>What it made, for the audit log; <see langword="null"/> for nothing that has an id.</summary>
    public MadeThing? Made { get; private init; }

    /// <summary>It is done; see there.</summary>
    public static PageAnswer GoTo(PageUrl target) => new() { Target = target };

    /// <summary>It is done, and made something; see there.</summary>
    /// <param name="target">Where to go.</param>
    /// <param name="kind">What was made, as the audit log names it: <c>run_id</c>.</param>
    /// <param name="id">Its id.</param>
    public static PageAnswer GoTo(PageUrl target, string kind, string id) => new() { Target = target, Made = new MadeThing(kind, id) };

    /// <summary>It is not done, for what the page says.</summary>
    public static PageAnswer Show(Page page) => new() { Page = page };

    /// <summary>What was made by a form.</summary>
    /// <param name="Kind">As the audit log names it.</param>
    /// <param name="Id">Its id.</param>
    internal sealed record MadeThing(string Kind, string Id);
}
