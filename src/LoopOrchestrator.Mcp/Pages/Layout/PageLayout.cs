namespace LoopOrchestrator.Mcp.Pages.Layout;

/// <summary>The frame of every page: landmarks, a way past them for the keyboard, and what tells of changes.</summary>
internal static class PageLayout
{
    /// <summary>The whole document.</summary>
    public static Html Render(PageFrame frame, Page page) =>
        Html.Of(
            $"""
            <!doctype html>
            <html lang="en"{Html.If(frame.Base is not null, $" data-base=\"{frame.Base}\"")}>
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="color-scheme" content="light dark">
            <title>{page.Title} · {Html.If(IsOfOne(frame), $"{NameOf(frame)} · ")}Loop Orchestrator</title>
            <link rel="icon" type="image/svg+xml" href="{frame.Icon}">
            <link rel="stylesheet" href="{frame.StyleSheet}">
            <script src="{frame.Script}" defer></script>
            </head>
            <body>
            <a class="skip" href="#main">Skip to the content</a>
            {Top(frame, page)}
            <main id="main" tabindex="-1"{Html.If(page.IsLive, $" data-live data-said=\"{page.Said}\"")}>
            <div class="page-head"><h1>{page.Title}</h1>{Html.If(
                !page.Actions.IsEmpty,
                $"""<div class="actions"{Html.If(page.IsLive, $" id=\"actions\" data-part")}>{page.Actions}</div>"""
            )}</div>
            {page.Body}
            </main>
            <div id="said" class="hidden" role="status" aria-live="polite"></div>
            <div id="lost" class="lost" role="status" hidden>The server does not answer; what you see may be old. It is tried again.</div>
            <footer class="foot">
            {Html.If(
                frame.IsInside,
                $"""<span>Loop Orchestrator {frame.Version}</span>{Html.If(
                    !frame.IsOfAll,
                    $"""<span class="mono">{frame.Workspace}</span>"""
                )}<span>{frame.Zone}</span>"""
            )}
            <button id="keys" type="button" class="link" aria-pressed="true" hidden>Keys</button>
            </footer>
            </body>
            </html>

            """
        );

    private static Html Top(PageFrame frame, Page page) =>
        Html.Of(
            $"""
            <header class="top"><div class="top-inner">
            <a class="brand" href="{PageUrl.Start}"><img src="{frame.Icon}" alt="" width="28" height="28"><span>{Html.If(
                IsOfOne(frame),
                $"{NameOf(frame)}<small>Loop Orchestrator</small>"
            )}{Html.If(!IsOfOne(frame), $"Loop Orchestrator")}</span></a>
            {Html.If(
                IsOfOne(frame),
                $"""<nav class="nav" aria-label="Pages"><ul>{Html.If(
                    frame.Base is not null,
                    $"""<li><a href="{PageUrl.OfAll}">All workspaces</a></li>"""
                )}{Navigation.Items.Select(item => Item(item, page.Of))}</ul></nav>"""
            )}
            {Html.If(
                frame.Visitor is not null,
                $"""<div class="who small"><span class="soft">{frame.Visitor} ({frame.Scope})</span>{frame.SignOut}</div>"""
            )}
            </div></header>
            """
        );

    private static Html Item(NavigationItem item, string? of) =>
        Html.Of($"""<li><a href="{PageUrl.To(item.Path)}"{Html.If(item.Path == of, $" aria-current=\"page\"")}>{item.Title}</a></li>""");

    private static bool IsOfOne(PageFrame frame) => frame is { IsInside: true, IsOfAll: false };

    // In a server of several its name there. Else the folder's own name: what people call a workspace.
    private static string NameOf(PageFrame frame) =>
        frame.Base is { } below ? below[(below.LastIndexOf('/') + 1)..]
        : Path.GetFileName(Path.TrimEndingDirectorySeparator(frame.Workspace)) is { Length: > 0 } name ? name
        : frame.Workspace;
}
