using LoopOrchestrator.Core.Modes;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using LoopOrchestrator.Mcp.Tools.Planning;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.ModeList;

/// <summary>The modes: what each is for, what it may do and which agent it gets.</summary>
internal static class ModePages
{
    public const string Path = "/modes";

    private const int MaxFindings = 50;

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPage(Path, static request => Task.FromResult(List(request)));
        endpoints.MapPage("/modes/show", static request => Task.FromResult(Show(request)));
    }

    private static Page List(PageRequest request)
    {
        var modes = request.Workspace.Modes;
        var findings = modes.Diagnostics;
        var stages = modes
            .Catalog.All.GroupBy(static mode => mode.Stage)
            .OrderBy(static stage => stage.Key is { } key ? (int)key : int.MaxValue);
        var odd = findings.Take(MaxFindings).Select(static one => Html.Of($"{one.ToString()}"));
        var body = Html.Of(
            $"""
            <div class="stack">
            {Html.If(findings.Count > 0, $"{Panel.Of("findings", "Findings in .roomodes", Panel.Rows([.. odd], empty: ""))}")}
            {stages.Select(stage => Stage(request, stage.Key, [.. stage]))}
            </div>
            """
        );
        return new Page("Modes", body) { Of = Path };
    }

    private static Html Stage(PageRequest request, Stage? stage, List<Mode> modes)
    {
        var name = ModeResult.StageName(stage) ?? "of no stage";
        return Panel.Of(
            $"stage-{name.Replace(' ', '-')}",
            name,
            Panel.Rows([.. modes.Select(mode => Row(request, mode))], empty: ""),
            $"{modes.Count}"
        );
    }

    private static Html Row(PageRequest request, Mode mode)
    {
        var purpose = mode.WhenToUse ?? mode.Description;
        return Html.Of(
            $"""
            <div class="row-head"><strong>{PageLinks.Mode(mode.Slug, mode.Name)}</strong><span class="mono small soft">{mode.Slug}</span>
            {Html.If(mode.Source != ModeSource.BuiltIn, $"{Badge.Of("run", "of this workspace")}")}
            <span class="end small">{request.Workspace.Agents.Resolve(mode.Slug, chosen: null).Agent.Name}</span></div>
            {Html.If(purpose is not null, $"""<p class="small soft">{purpose}</p>""")}
            """
        );
    }

    private static Page Show(PageRequest request)
    {
        // What there is not is told as Core tells it, with the names that are near.
        var mode = request.Workspace.Modes.Get(request.Query("slug") ?? "");
        var choice = request.Workspace.Agents.Resolve(mode.Slug, chosen: null);
        var may = mode.Groups.Select(static group => group.FileRegex is null ? group.Name : $"{group.Name} ({group.FileRegex})");
        var facts = Html.Of(
            $"""
            <dl class="facts-list">
            <dt>Slug</dt><dd class="mono">{mode.Slug}</dd>
            <dt>Stage</dt><dd>{ModeResult.StageName(mode.Stage) ?? "none"}</dd>
            <dt>From</dt><dd>{(mode.Source == ModeSource.BuiltIn ? "built in" : "this workspace")}</dd>
            <dt>Agent</dt><dd>{choice.Agent.Name}: {choice.Why}</dd>
            <dt>May</dt><dd>{string.Join(", ", may)}</dd>
            </dl>
            """
        );
        var body = Html.Of(
            $"""
            <div class="stack">
            {Panel.Of("facts", "About it", Panel.Body(facts))}
            {Text("purpose", "When to use it", mode.WhenToUse)}{Text("role", "Role", mode.RoleDefinition)}
            {Text("instructions", "Instructions", mode.CustomInstructions)}
            {mode.Rules.Select(static (rule, index) => Text($"rule-{index}", rule.Path, rule.Text))}
            <div class="actions"><a class="button" href="{PageUrl.To("/runs", ("mode", mode.Slug))}">Its runs</a>
            <a class="button" href="{PageUrl.To("/time", ("mode", mode.Slug))}">Its time</a></div>
            </div>
            """
        );
        return new Page(mode.Name, body) { Of = Path };
    }

    private static Html Text(string id, string title, string? text) =>
        string.IsNullOrWhiteSpace(text) ? Html.None : Panel.Of(id, title, Panel.Body(Html.Of($"""<p class="lines">{text}</p>""")));
}
