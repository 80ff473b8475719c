using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>Runs as rows of lists.</summary>
internal static class RunRows
{
    public static Html Row(PageRequest request, Run run, bool hasNoEvidence) =>
        Html.Of(
            $"""
            <li><div class="row-head">{Badge.Of(run.State, hasNoEvidence)}<strong>{PageLinks.Run(run.Id, Title(run))}</strong>
            <span class="end small">{Moments.Relative(run.CreatedAt, request.Now, request.Zone)}</span></div>
            <div class="facts">{Facts(run)}</div>{Html.If(
                run.Reason is not null && run.State is not RunState.Succeeded,
                $"""<p class="small soft">{Short(run.Reason ?? "")}</p>"""
            )}</li>
            """
        );

    /// <summary>What a run is called.</summary>
    public static string Title(Run run) => run.Title ?? RunTitle.Of(run.Task);

    /// <summary>Who started it, in a few words.</summary>
    public static string? StartedBy(Run run) =>
        run.Origin switch
        {
            _ when run.IsCatchUp => "its schedule, late",
            RunOrigin.Request => "a request",
            RunOrigin.Schedule => "its schedule",
            RunOrigin.Trigger => "hand",
            RunOrigin.Run => "a run",
            RunOrigin.Cycle => "its cycle",
            _ => null,
        };

    /// <summary>How long it took; <see langword="null"/> where it has not ended.</summary>
    public static string? Took(Run run) =>
        run is { StartedAt: { } started, EndedAt: { } ended } ? Durations.Of((long)Math.Max(0, (ended - started).TotalSeconds)) : null;

    private static Html Facts(Run run) => Html.Join(new[]
            {
                run.Kind == RunKind.Cycle ? $"cycle {run.Workflow}" : run.Mode,
                run.Kind switch
                {
                    RunKind.Handoff => "hand-off",
                    RunKind.Agent => run.Agent,
                    _ => null,
                },
                StartedBy(run) is { } by ? $"by {by}" : null,
                Took(run) is { } took ? $"took {took}" : null,
                run.CostUsd is { } cost ? $"{cost:0.00##} USD" : null,
            }.Where(static fact => !string.IsNullOrEmpty(fact)).Select(static fact => Html.Of($"<span>{fact}</span>")));

    private static string Short(string text) => TextCut.Shorten(text, 240);
}
