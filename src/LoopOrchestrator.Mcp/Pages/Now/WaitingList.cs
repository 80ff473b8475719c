using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Now;

/// <summary>What waits to be started, each with the one reason why. Nothing where nothing waits.</summary>
internal static class WaitingList
{
    private const int MaxShown = 10;

    public static Html Render(PageRequest request, NowView view) =>
        Html.Of(
            $"""
            <section class="panel" id="waiting" data-part aria-labelledby="waiting-title"><header><h2 id="waiting-title">Waiting</h2>
            {Html.If(view.Queued.Count > 0, $"""<span class="badge idle">{view.Queued.Count}</span>""")}</header>
            {Html.If(view.Queued.Count == 0, $"""<p class="empty">Nothing waits.</p>""")}
            {Html.If(
                view.Queued.Count > 0,
                $"""<ul class="plain rows">{view.Queued.Take(MaxShown).Select(run => Row(request, view, run))}</ul>"""
            )}
            {Html.If(view.Queued.Count > MaxShown, $"""<p class="empty">{view.Queued.Count - MaxShown} more wait behind them.</p>""")}
            </section>
            """
        );

    private static Html Row(PageRequest request, NowView view, Run run) =>
        Html.Of(
            $"""
            <li><div class="row-head"><span>{PageLinks.Run(run.Id, run.Title ?? RunTitle.Of(run.Task))}</span>
            <span class="end small">{Moments.Relative(
                run.CreatedAt,
                view.At,
                request.Zone
            )}</span></div>
            <p class="soft small">{(view.Waits.TryGetValue(run.Id, out var why) ? PageWords.Of(why.Text) : Html.None)}</p></li>
            """
        );
}
