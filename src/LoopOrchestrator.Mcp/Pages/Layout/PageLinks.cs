namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>Links to what a page is about. Where there is no page of it, its name stands alone.</summary>
internal static class PageLinks
{
    private const string Runs = "/runs";

    /// <summary>The page of a run.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="text">What the link says.</param>
    public static Html Run(string id, string text) =>
        Has(Runs) ? Html.Of($"""<a href="{PageUrl.To(Runs + "/" + Uri.EscapeDataString(id))}">{text}</a>""") : Html.Of($"{text}");

    /// <summary>The page of a schedule.</summary>
    public static Html Schedule(string id, string text) => Html.Of($"""<a href="{PageUrl.To("/schedules/show", ("id", id))}">{text}</a>""");

    /// <summary>The page of a mode.</summary>
    public static Html Mode(string slug, string text) => Html.Of($"""<a href="{PageUrl.To("/modes/show", ("slug", slug))}">{text}</a>""");

    private static bool Has(string path) => Navigation.Items.Any(item => item.Path == path);
}
