using System.Globalization;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Pages.Layout;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>What a cycle has done, item by item: its steps, gates and what else it began, pass after pass.</summary>
internal static class CycleItemList
{
    private const int MaxItems = 200;
    private const int MaxOutput = 4000;

    public static Html Of(Run run, Cycle? cycle) =>
        run.Kind == RunKind.Cycle && cycle is { Items.Count: > 0 }
            ? Panel.Of(
                "items",
                "Steps and gates",
                Panel.Rows([.. cycle.Items.TakeLast(MaxItems).Select(item => Row(cycle, item))], empty: ""),
                cycle.Items.Count > MaxItems ? $"the last {MaxItems} of {cycle.Items.Count}" : "",
                isLive: true
            )
            : Html.None;

    private static Html Row(Cycle cycle, CycleItem item) =>
        Html.Of(
            $"""
            <div class="row-head">{Badge.Of(Tone(item.State), item.State.Name())}<strong>{Name(item)}</strong>
            <span class="end small">{cycle.Workflow.Stages[item.Stage].Name}, pass {item.Visit}</span></div>
            <div class="facts">{Facts(item).Where(static fact => fact is not null).Select(static fact =>
                Html.Of($"<span>{fact}</span>")
            )}</div>
            {Html.If(item.Reason is not null, $"""<p class="small soft">{item.Reason}</p>""")}
            {item.Marks.Select(static mark => Html.Of($"""<p class="small">Note: {mark}</p>"""))}
            {Html.If(item is { State: CycleItemState.Failed, Output.Length: > 0 }, $"{Output(item)}")}
            """
        );

    private static IEnumerable<string?> Facts(CycleItem item)
    {
        yield return item.Kind.Name();
        yield return item.Mode;
        yield return item.EndedAt is { } end ? $"took {Durations.Of((long)Math.Max(0, (end - item.StartedAt).TotalSeconds))}" : null;
        yield return item.Changes?.ToString();
        yield return item.ExitCode is { } code ? $"exit code {code.ToString(CultureInfo.InvariantCulture)}" : null;
    }

    private static Html Output(CycleItem item)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"printed-{item.Number}");
        return Html.Of(
            $"""
            <details id="{id}-part"><summary>What it printed<span class="hidden"> ({item.Name})</span></summary>
            {Panel.Output(id, $"Output of {item.Name}", TextCut.Tail(item.Output ?? "", MaxOutput).ToString())}</details>
            """
        );
    }

    private static Html Name(CycleItem item) => item.RunId is { } run ? PageLinks.Run(run, item.Name) : Html.Of($"{item.Name}");

    private static string Tone(CycleItemState state) =>
        state switch
        {
            CycleItemState.Passed => "ok",
            CycleItemState.Failed or CycleItemState.Interrupted => "bad",
            CycleItemState.Running or CycleItemState.Preparing => "run",
            _ => "idle",
        };
}
