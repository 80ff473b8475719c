namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>A part of a page with its heading.</summary>
internal static class Panel
{
    /// <summary>Draws one.</summary>
    /// <param name="id">Its id, a literal.</param>
    /// <param name="title">Its heading.</param>
    /// <param name="content">What stands below.</param>
    /// <param name="note">What stands beside the heading.</param>
    /// <param name="isLive">Whether it is put in place when the page is renewed.</param>
    public static Html Of(string id, string title, Html content, string note = "", bool isLive = false) =>
        Html.Of(
            $"""
            <section class="panel" id="{id}"{Html.If(isLive, $" data-part")} aria-labelledby="{id}-title">
            <header><h2 id="{id}-title">{title}</h2>{Html.If(note.Length > 0, $"""<span class="soft small">{note}</span>""")}</header>
            {content}
            </section>
            """
        );

    /// <summary>What is written in it, with room around it.</summary>
    public static Html Body(Html content) => Html.Of($"""<div class="body">{content}</div>""");

    /// <summary>Rows, or what is said where there are none.</summary>
    public static Html Rows(IReadOnlyCollection<Html> rows, string empty) =>
        rows.Count == 0
            ? Html.Of($"""<p class="empty">{empty}</p>""")
            : Html.Of($"""<ul class="plain rows">{rows.Select(static row => Html.Of($"<li>{row}</li>"))}</ul>""");

    /// <summary>A long text as it is, which is moved in its place.</summary>
    /// <param name="id">Its id: where it is moved to is kept when the page is renewed.</param>
    /// <param name="label">What it is; the panel that it stands in may be called the same.</param>
    /// <param name="text">The text.</param>
    /// <param name="isTail">Whether its end is what is read first.</param>
    public static Html Output(string id, string label, string text, bool isTail = false) =>
        Html.Of(
            $"""
            <pre class="output" id="{id}"{Html.If(isTail, $" data-tail")} tabindex="0" role="region"
            aria-label="{label}, text">{text}</pre>
            """
        );
}
