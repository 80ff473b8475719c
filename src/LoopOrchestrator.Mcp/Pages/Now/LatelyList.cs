using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Now;

/// <summary>What has succeeded last, each with what shows it: worth a look when nothing is wrong.</summary>
internal static class LatelyList
{
    public static Html Render(PageRequest request, NowView view, IReadOnlyDictionary<string, RunEvidence> evidence) =>
        Html.Of(
            $"""
            <section class="panel" id="lately" data-part aria-labelledby="lately-title">
            <header><h2 id="lately-title">Done lately</h2></header>
            {Html.If(view.DoneLately.Count == 0, $"""<p class="empty">Nothing has been done in the last seven days.</p>""")}
            {Html.If(
                view.DoneLately.Count > 0,
                $"""<ul class="plain rows">{view.DoneLately.Select(run =>
                    Row(request, view, run, evidence.GetValueOrDefault(run.Id))
                )}</ul>"""
            )}
            </section>
            """
        );

    private static Html Row(PageRequest request, NowView view, Run run, RunEvidence? evidence) =>
        Html.Of(
            $"""
            <li><div class="row-head">{Badge.Of(run.State, evidence is { Any: false })}<span>{PageLinks.Run(
                run.Id,
                run.Title ?? RunTitle.Of(run.Task)
            )}</span>{Html.If(
                run.EndedAt is not null,
                $"<span class=\"end small\">{Moments.Relative(run.EndedAt ?? view.At, view.At, request.Zone)}</span>"
            )}</div>
            <div class="facts"><span>{run.Mode}</span>
            {Html.If(evidence is { Any: true }, $"<span>{evidence?.Describe()}</span>")}</div></li>
            """
        );
}
