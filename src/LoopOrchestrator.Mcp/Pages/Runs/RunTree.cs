using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Pages.Layout;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>The runs that a run asked for, and theirs, as a tree.</summary>
internal static class RunTree
{
    private const int MaxDepth = 12;

    public static Html Of(Run run, IReadOnlyList<Run> below) =>
        below.Count == 0
            ? Html.None
            : Panel.Of(
                "tree",
                "Runs below it",
                Panel.Body(Level(below.ToLookup(static one => one.ParentRunId, StringComparer.Ordinal), run.Id, 0)),
                below.Count >= RunService.MaxSubRuns ? $"the first {RunService.MaxSubRuns}" : "",
                isLive: true
            );

    private static Html Level(ILookup<string?, Run> byParent, string parent, int depth) =>
        Html.If(
            depth < MaxDepth && byParent.Contains(parent),
            $"""
            <ul class="tree">{byParent[parent].Select(run => Html.Of(
                $"""
                <li>{Badge.Of(run.State)} {PageLinks.Run(run.Id, RunRows.Title(run))} <span class="soft small">{run.Mode}{Html.If(
                    RunRows.Took(run) is not null,
                    $", {RunRows.Took(run)}"
                )}</span>{Level(byParent, run.Id, depth + 1)}</li>
                """
            ))}</ul>
            """
        );
}
