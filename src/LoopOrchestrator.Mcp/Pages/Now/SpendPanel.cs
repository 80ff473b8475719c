using LoopOrchestrator.Core.Plots;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Now;

/// <summary>
/// What was spent today beside what may be, and the limits of usage that agents have run into. Where nothing is known there is nothing.
/// </summary>
internal static class SpendPanel
{
    private const string Title = "Spent today";

    // More than any bill: no number that a drawing could add up.
    private const double MaxCost = 1e12;

    public static Html Render(PageRequest request, NowView view)
    {
        var spend = view.Spend;
        var bars = Bars(spend);
        return Html.Of(
            $"""
            <section class="panel" id="spend" data-part aria-labelledby="spend-title"><header><h2 id="spend-title">{Title}</h2>
            <span class="soft small">UTC</span></header>
            <div class="body stack">
            {Html.If(
                !spend.IsKnown && view.Windows.Count == 0,
                $"""<p class="soft">No agent has said what it cost, and no budget is set.</p>"""
            )}
            {Html.If(bars.Count > 0, $"{Figure.Of("spend-plot", Title, Plot.Spend(new PlotName("spend-plot", Title), bars))}")}
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
            )} ({Moments.Relative(window.ResetsAt, view.At, request.Zone)}).</p><progress value="1" max="1" class="full"
            aria-label="Plan window of {window.Agent}"></progress></div>
            """
        );

    // Of what has neither been spent nor limited there is no bar.
    private static List<SpendBar> Bars(DaySpend spend)
    {
        var bars = new List<SpendBar>();
        if (spend.CostUsd > 0 || spend.Budget.CostPerDayUsd is not null)
        {
            var limit = spend.Budget.CostPerDayUsd is { } most ? Amount(most) : (decimal?)null;
            bars.Add(new SpendBar(limit is null ? "Cost" : "Cost (budget.costPerDayUsd)", Amount(spend.CostUsd), limit, "USD"));
        }

        if (spend.Tokens > 0 || spend.Budget.TokensPerDay is not null)
        {
            var limit = spend.Budget.TokensPerDay;
            bars.Add(new SpendBar(limit is null ? "Tokens" : "Tokens (budget.tokensPerDay)", spend.Tokens, limit, "tokens"));
        }

        return bars;
    }

    private static decimal Amount(double dollars) => (decimal)Math.Min(dollars, MaxCost);
}
