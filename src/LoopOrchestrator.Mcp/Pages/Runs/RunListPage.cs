using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>All runs and cycles, the newest first, a page at a time.</summary>
internal static class RunListPage
{
    public static async Task<Page> ShowAsync(PageRequest request)
    {
        var query = RunListQuery.Of(request);
        var workspace = request.Workspace;
        var runs = query.IsOfCycles
            ? [.. (await workspace.Cycles.ListAsync(query.Filter, request.Aborted)).Select(static cycle => cycle.Run)]
            : await workspace.Runs.ListAsync(query.Filter, request.Aborted);
        var shown = runs.Take(RunListQuery.PerPage).ToList();
        var withoutEvidence = await workspace.Status.WithoutEvidenceAsync(shown, request.Aborted);
        var body = Html.Of(
            $"""
            <div class="stack">
            {Notices.Done(request.Query("done"), RunPages.Texts)}
            {Filters(request, query)}
            <section class="panel" id="list" data-part aria-label="Runs">
            {Html.If(shown.Count == 0, $"""<p class="empty">{Nothing(query)}</p>""")}
            {Html.If(
                shown.Count > 0,
                $"""<ul class="plain rows">{shown.Select(run => RunRows.Row(request, run, withoutEvidence.Contains(run.Id)))}</ul>"""
            )}
            </section>
            {Html.If(
                query.Before is not null || runs.Count > shown.Count,
                $"""
                <nav class="actions" id="more" data-part aria-label="More runs">{Html.If(
                    query.Before is not null,
                    $"""<a class="button" href="{query.Newest}">Newest</a>"""
                )}{Html.If(runs.Count > shown.Count, $"""<a class="button" href="{Behind(query, shown)}">Older</a>""")}</nav>
                """
            )}
            </div>
            """
        );
        return new Page("Runs", body) { Of = RunPages.Path, IsLive = true };
    }

    private static PageUrl Behind(RunListQuery query, List<Run> shown) => shown.Count > 0 ? query.Behind(shown[^1]) : PageUrl.Start;

    private static string Nothing(RunListQuery query) =>
        query.Before is not null ? "There are no older ones."
        : query.IsNarrowed ? "No run fits. Ask for all of them by an empty filter."
        : "Nothing was asked for yet: a schedule that fires, or a client that calls run_mode, makes the first run.";

    private static Html Filters(PageRequest request, RunListQuery query)
    {
        var modes = request.Workspace.Modes.Catalog.All.Select(static mode => mode.Slug).ToList();
        if (query.Mode is { } asked && !modes.Contains(asked, StringComparer.Ordinal))
        {
            modes.Insert(0, asked);
        }

        return Html.Of(
            $"""
            <form class="filter" method="get" action="{PageUrl.To(RunPages.Path)}" role="search" aria-label="Filter">
            {Choice("kind", "What", query.IsOfCycles ? "cycle" : "", [new("", "runs and cycles"), new("cycle", "cycles only")])}
            {Choice("state", "State", query.State?.Name(), Names(Enum.GetValues<RunState>().Select(RunNames.Name)))}
            {Choice("mode", "Mode", query.Mode, Names(modes))}
            {Choice("by", "Started by", query.Origin?.Name(), Names(Enum.GetValues<RunOrigin>().Select(RunNames.Name)))}
            {Html.If(query.ScheduleId is not null, $"""<input type="hidden" name="schedule" value="{query.ScheduleId}">""")}
            <div class="actions"><button class="primary">Show</button>
            {Html.If(query.IsNarrowed, $"""<a href="{PageUrl.To(RunPages.Path)}">All</a>""")}</div>
            </form>
            """
        );
    }

    private static IEnumerable<FieldOption> Names(IEnumerable<string> names) =>
        names.Select(static name => new FieldOption(name, name.Replace('_', ' '))).Prepend(new FieldOption("", "any"));

    private static Html Choice(string name, string label, string? value, IEnumerable<FieldOption> options) =>
        Field.Of($"filter-{name}", label, Field.Select($"filter-{name}", name, value ?? "", options));
}
