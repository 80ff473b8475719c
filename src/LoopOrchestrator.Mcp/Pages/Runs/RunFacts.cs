using System.Globalization;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>What is known of a run, name by name.</summary>
internal static class RunFacts
{
    public static Html Of(PageRequest request, Run run) =>
        Panel.Of(
            "facts",
            "About it",
            Panel.Body(
                Html.Of(
                    $"""
                    <dl class="facts-list">{All(request, run)
                        .Where(static fact => !fact.Value.IsEmpty)
                        .Select(static fact => Html.Of($"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>"))}</dl>
                    """
                )
            ),
            isLive: true
        );

    private static IEnumerable<(string Name, Html Value)> All(PageRequest request, Run run)
    {
        yield return ("Id", Html.Of($"""<span class="mono">{run.Id}</span>"""));
        yield return run.Kind == RunKind.Cycle ? ("Workflow", Html.Of($"{run.Workflow}")) : ("Mode", Mode(request, run.Mode));
        yield return ("Agent", Html.Of($"{(run.Kind == RunKind.Handoff ? "hand-off" : run.Agent)}"));
        yield return ("Started by", Html.Of($"{RunRows.StartedBy(run)}"));
        yield return ("Schedule", run.ScheduleId is { } schedule ? PageLinks.Schedule(schedule, run.Title ?? schedule) : Html.None);
        yield return ("Due", At(request, run.ScheduledFor));
        yield return ("Part of", run.ParentRunId is { } parent ? PageLinks.Run(parent, parent) : Html.None);
        yield return ("Asked for", At(request, run.CreatedAt));
        yield return ("Started", At(request, run.StartedAt));
        yield return ("Ended", At(request, run.EndedAt));
        yield return ("Took", Html.Of($"{RunRows.Took(run)}"));
        yield return ("Not before", run.State.HasEnded() ? Html.None : At(request, run.NotBefore));
        yield return ("Ended at the latest", run.State.HasEnded() ? Html.None : At(request, run.DeadlineAt));
        yield return ("Time limit", Html.Of($"{Durations.Of(run.TimeoutSeconds)}"));
        yield return ("Attempt", Html.If(run.Attempt > 0, $"{run.Attempt}"));
        yield return ("Exit code", Html.If(run.ExitCode is not null, $"{run.ExitCode ?? 0}"));
        yield return (
            "Cost",
            Html.If(run.CostUsd is not null, $"{(run.CostUsd ?? 0).ToString("0.00##", CultureInfo.InvariantCulture)} USD")
        );
        yield return (
            "Tokens",
            run.Tokens is { } tokens
                ? Html.Of($"{tokens.Input:#,0} in ({tokens.Cached:#,0} from a cache), {tokens.Output:#,0} out")
                : Html.None
        );
        yield return ("Usage limit", Html.Of($"{run.UsageLimit?.Kind}"));
        yield return ("Refused tools", Html.Of($"{string.Join(", ", run.DeniedPermissions)}"));
        yield return ("Verified", Html.If(run.IsUnverified, $"no: how it ended is known from files alone"));
    }

    private static Html Mode(PageRequest request, string mode) =>
        request.Workspace.Modes.Catalog.Find(mode) is null ? Html.Of($"{mode}") : PageLinks.Mode(mode, mode);

    private static Html At(PageRequest request, DateTimeOffset? moment) =>
        moment is { } value
            ? Html.Of($"{Moments.At(value, request.Now, request.Zone)} ({Moments.Relative(value, request.Now, request.Zone)})")
            : Html.None;
}
