using LoopOrchestrator.Core.Servers;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Health;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Pages.Checks;

/// <summary>Every check with its reason: what probes ask, what needs a person, what is odd in the files.</summary>
internal static class HealthPages
{
    public const string Path = "/health";

    private const int MaxFindings = 100;

    public static void Map(IEndpointRouteBuilder endpoints) => endpoints.MapPage(Path, ShowAsync);

    private static async Task<Page> ShowAsync(PageRequest request)
    {
        var status = await request.Workspace.Status.ReadAsync(request.Aborted);
        var checks = new List<HealthCheckResult>();
        foreach (var check in request.Context.RequestServices.GetServices<IReadinessCheck>())
        {
            var problem = await check.FindProblemAsync(request.Aborted);
            checks.Add(new HealthCheckResult(check.Name, problem is null, problem));
        }

        var attention = status.Sentences;
        var body = Html.Of(
            $"""
            <div class="stack">
            <section id="life" data-part aria-label="Proof of life">
            <p class="pulse {(status.Life.IsAlive ? "ok" : "bad")}">{status.Life.Describe(request.Now)}</p></section>
            <div class="columns"><div class="stack">
            {List("attention", "Needs a person", "Nothing does.", attention)}
            {List("findings", "Findings in files", "None.", [.. status.Diagnostics.Take(MaxFindings).Select(static one => one.ToString())])}
            </div><div class="stack">
            {Panel.Of("checks", "Checks of probes", Panel.Rows([.. checks.Select(Check)], empty: ""), "/health/ready", isLive: true)}
            {Servers(request, status)}
            {Trust(status)}
            </div></div>
            <p class="small soft">Versions of agent programs and entries in clients' settings are looked at by
            <span class="mono">loop-orchestrator doctor</span>, which starts these programs.</p>
            </div>
            """
        );
        return new Page("Health", body)
        {
            Of = Path,
            IsLive = true,
            Said = attention.Count == 0 ? "Nothing needs a person." : "Something needs a person.",
        };
    }

    private static Html List(string id, string title, string empty, IReadOnlyList<string> sentences) =>
        Panel.Of(
            id,
            title,
            Panel.Rows([.. sentences.Select(PageWords.Of)], empty),
            $"{sentences.Count}",
            isLive: true
        );

    private static Html Check(HealthCheckResult check) =>
        Html.Of(
            $"""
            <div class="row-head">{Badge.Of(check.Ok ? "ok" : "bad", check.Ok ? "ok" : "not ready")}
            <strong>{check.Name.Replace('_', ' ')}</strong></div>
            {Html.If(check.Problem is not null, $"<p>{PageWords.Of(check.Problem)}</p>")}
            """
        );

    private static Html Servers(PageRequest request, WorkspaceStatus status) =>
        Panel.Of(
            "servers",
            "Server processes",
            Panel.Rows([.. status.Servers.Select(server => Server(request, server))], "None is recorded."),
            isLive: true
        );

    private static Html Server(PageRequest request, ServerEntry server) =>
        Html.Of(
            $"""
            <div class="row-head"><strong>{server.Pid}</strong><span>{server.Mode}</span>
            {Badge.Of(server.Trusted ? "ok" : "wait", server.Trusted ? "trusted" : "not trusted")}
            <span class="end small">started {Moments.Relative(server.StartedAt, request.Now, request.Zone)}</span></div>
            """
        );

    private static Html Trust(WorkspaceStatus status)
    {
        var word = status.TrustGivenBy is { } by
            ? $"Commands of this workspace may be executed: {by}."
            : "Commands of this workspace are not executed: its user has not said that they may be. Say so, once you have seen them, with "
                + "'loop-orchestrator trust'.";
        var held = status.HeldBack.Select(static one => Html.Of($"<li>{one}</li>"));
        return Panel.Of(
            "trust",
            "Trust",
            Panel.Body(
                Html.Of($"<p>{word}</p>{Html.If(status.HeldBack.Count > 0, $"<p>Held back until a person has looked:</p><ul>{held}</ul>")}")
            ),
            isLive: true
        );
    }
}
