using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>What a step has changed, line by line: a page of its own, for git is asked for it.</summary>
internal static class ChangesPage
{
    private const int MaxText = 300_000;

    public static async Task<Page> ShowAsync(PageRequest request)
    {
        var workspace = request.Workspace;
        var run = await workspace.Runs.GetAsync(request.Context.Request.RouteValues["id"] as string ?? "", request.Aborted);
        if (!workspace.Trust.IsTrusted)
        {
            return Notices.Of(
                "What it changed is not shown",
                "What was changed is asked of git, which is not called in a workspace that is not trusted. A person says that it may be "
                    + "where the server runs: loop-orchestrator trust.",
                StatusCodes.Status409Conflict
            );
        }

        var patch =
            run.CycleId is { } id && await workspace.Cycles.FindAsync(id, request.Aborted) is { } cycle
                ? await workspace.Cycles.Changes.PatchAsync(cycle, run.Id, request.Aborted)
                : null;
        var body = Html.Of(
            $"""
            <div class="stack">
            <p>{PageLinks.Run(run.Id, RunRows.Title(run))}: between the checkpoint before it and the one behind it.</p>
            {Html.If(
                patch is null,
                $"<p>Nothing is known of it: it is no step of a cycle, or its checkpoints are gone or without git.</p>"
            )}
            {Html.If(patch is { Length: 0 }, $"<p>Nothing was changed.</p>")}
            {Html.If(patch is { Length: > 0 }, $"{Patch(patch ?? "")}")}
            </div>
            """
        );
        return new Page("What it changed", body) { Of = RunPages.Path };
    }

    private static Html Patch(string patch)
    {
        var lines = TextCut.Shorten(patch, MaxText).Split('\n').Select(Line);
        return Html.Of($"""<pre class="output patch" id="patch" tabindex="0" role="region" aria-label="Changed lines">{lines}</pre>""");
    }

    // The signs of a patch stay in it: nobody needs the colours.
    private static Html Line(string line) =>
        line.Length == 0 ? Html.Of($"{"\n"}")
        : line[0] == '+' ? Html.Of($"""<ins>{line}</ins>{"\n"}""")
        : line[0] == '-' ? Html.Of($"""<del>{line}</del>{"\n"}""")
        : line.StartsWith("diff --git", StringComparison.Ordinal) ? Html.Of($"""<strong>{line}</strong>{"\n"}""")
        : Html.Of($"""{line}{"\n"}""");
}
