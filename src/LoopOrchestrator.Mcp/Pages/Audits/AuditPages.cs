using LoopOrchestrator.Mcp.Audit;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.Audits;

/// <summary>Who did what over HTTP, the latest first; for tokens with the scope admin.</summary>
internal static class AuditPages
{
    public const string Path = "/audit";

    private const int MaxShown = 200;

    private static readonly string[] Outcomes = ["ok", "error", "refused", "input_required", "failed", "cancelled"];

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPage(Path, static request => Task.FromResult(Show(request)));

    private static Page Show(PageRequest request)
    {
        if (request.Grant is { Scope: < AccessScope.Admin } grant)
        {
            var has = $"the token '{grant.Name}' has {grant.Scope.Name()}";
            return Notices.Of("Not allowed", $"The audit log needs a token with the scope {AccessScope.Admin.Name()}; {has}.", 403);
        }

        var (who, outcome) = (request.Query("who"), request.Query("outcome"));
        var reading = AuditReader.Read(
            request.Workspace.Paths,
            entry => (who is null || entry.Who == who) && (outcome is null || entry.Outcome == outcome),
            MaxShown
        );
        var outcomes = Outcomes.Select(static name => new FieldOption(name, name)).Prepend(new FieldOption("", "any"));
        var name = Html.Of($"""<input id="who" name="who" value="{who}" maxlength="200">""");
        var body = Html.Of(
            $"""
            <div class="stack">
            <form class="filter" method="get" action="{PageUrl.To(Path)}" role="search">
            {Field.Of("who", "Who", name)}
            {Field.Of("outcome", "Outcome", Field.Select("outcome", "outcome", outcome ?? "", outcomes))}
            <div class="actions"><button class="primary">Show</button>
            {Html.If(who is not null || outcome is not null, $"""<a href="{PageUrl.To(Path)}">All</a>""")}</div></form>
            {Panel.Of(
                "log",
                "What was done over HTTP",
                Table(request, reading.Entries),
                reading.Entries.Count == 0 ? "" : $"the latest {reading.Entries.Count} that fit"
            )}
            <p class="small soft">What was said and answered is not in the log.{Html.If(
                reading.NotRead > 0,
                $" {reading.NotRead} lines could not be read."
            )}</p>
            </div>
            """
        );
        return new Page("Audit", body) { Of = Path };
    }

    private static Html Table(PageRequest request, IReadOnlyList<AuditEntry> entries) =>
        entries.Count == 0
            ? Panel.Rows([], "Nothing of this was done, as far back as the log goes.")
            : DataTable.Of(
                "What was done over HTTP",
                [
                    new DataColumn("When"),
                    new DataColumn("Who"),
                    new DataColumn("What"),
                    new DataColumn("Outcome"),
                    new DataColumn("About"),
                    new DataColumn("Took", IsNumber: true),
                ],
                entries.Select(entry => Row(request, entry))
            );

    private static Html[] Row(PageRequest request, AuditEntry entry) =>
        [
            Moments.At(entry.Time, request.Now, request.Zone),
            Html.Of($"{entry.Who}{Html.If(entry.Address is not null, $" {Soft(entry.Address)}")}"),
            Html.Of(
                $"""
                <span class="mono">{entry.What}</span>{Html.If(entry.Status is not null, $" {entry.Status ?? 0}")}
                {Html.If(entry.LeftOut > 0, $"{Soft($"{entry.LeftOut} lines before it are missing")}")}
                """
            ),
            Badge.Of(Tone(entry.Outcome), entry.Outcome),
            Html.Of($"{string.Join(", ", entry.Ids?.Select(static id => $"{id.Key} {id.Value}") ?? [])}"),
            Html.If(entry.Milliseconds is not null, $"{entry.Milliseconds ?? 0} ms"),
        ];

    private static Html Soft(string? text) => Html.Of($"""<span class="small soft">{text}</span>""");

    private static string Tone(string outcome) =>
        outcome switch
        {
            "ok" => "ok",
            "refused" or "input_required" or "cancelled" => "wait",
            _ => "bad",
        };
}
