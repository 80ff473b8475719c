using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Now;

/// <summary>
/// What was spent today beside what may be, and the limits of usage that agents have run into. Where nothing is known there is nothing.
/// </summary>
internal static class SpendPanel
{
    // Of a bar.
    private const int Whole = 1000;

    public static Html Render(PageRequest request, NowView view)
    {
        var spend = view.Spend;
        return Html.Of(
            $"""
            <section class="panel" id="spend" data-part aria-labelledby="spend-title"><header><h2 id="spend-title">Spent today</h2>
            <span class="soft small">UTC</span></header>
            <div class="body stack">
            {Html.If(
                !spend.IsKnown && view.Windows.Count == 0,
                $"""<p class="soft">No agent has said what it cost, and no budget is set.</p>"""
            )}
            {Html.If(
                spend.CostUsd > 0 || spend.Budget.CostPerDayUsd is not null,
                $"""
                <div><p><span class="number">{spend.CostUsd:0.00}</span> USD{Html.If(
                    spend.Budget.CostPerDayUsd is not null,
                    $" of {(spend.Budget.CostPerDayUsd ?? 0):0.00} (budget.costPerDayUsd)"
                )}</p>{Bar("Cost of the day", spend.CostUsd, spend.Budget.CostPerDayUsd)}</div>
                """
            )}
            {Html.If(
                spend.Tokens > 0 || spend.Budget.TokensPerDay is not null,
                $"""
                <div><p><span class="number">{spend.Tokens:#,0}</span> tokens{Html.If(
                    spend.Budget.TokensPerDay is not null,
                    $" of {(spend.Budget.TokensPerDay ?? 0):#,0} (budget.tokensPerDay)"
                )}</p>{Bar("Tokens of the day", spend.Tokens, spend.Budget.TokensPerDay)}</div>
                """
            )}
            {view.Windows.Select(window => Window(request, view, window))}
            </div></section>
            """
        );
    }

    private static Html Window(PageRequest request, NowView view, PlanWindow window) =>
        Html.Of(
            $"""
            <div><p><strong>{window.Agent}</strong> has used up its {window.Kind ?? "limit of usage"};
            {window.Waiting} wait until {Moments.At(
                window.ResetsAt,
                view.At,
                request.Zone
            )} ({Moments.Relative(window.ResetsAt, view.At, request.Zone)}).</p>{Bar($"Plan window of {window.Agent}", 1, 1)}</div>
            """
        );

    private static Html Bar(string label, double used, double? limit)
    {
        if (limit is not > 0)
        {
            return Html.None;
        }

        var part = (int)Math.Clamp(used / limit.Value * Whole, 0, Whole);
        return Html.Of(
            $"""<progress value="{part}" max="{Whole}"{Html.If(part == Whole, $" class=\"full\"")} aria-label="{label}"></progress>"""
        );
    }
}
