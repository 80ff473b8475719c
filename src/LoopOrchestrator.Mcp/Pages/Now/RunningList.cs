using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Now;

/// <summary>What runs, with the last lines of what it has printed.</summary>
internal static class RunningList
{
    private const int MaxShown = 12;
    private const int MaxLines = 12;
    private const int MaxLine = 300;
    private const int TailBytes = 16 * 1024;

    public static Html Render(PageRequest request, NowView view) =>
        Html.Of(
            $"""
            <section class="panel" id="running" data-part aria-labelledby="running-title"><header><h2 id="running-title">Running</h2>
            {Html.If(view.Running.Count > 0, $"""<span class="badge run">{view.Running.Count}</span>""")}</header>
            {Html.If(view.Running.Count == 0, $"""<p class="empty">Nothing runs at this moment.</p>""")}
            {Html.If(
                view.Running.Count > 0,
                $"""<ul class="plain rows">{view.Running.Take(MaxShown).Select(run => Row(request, view, run))}</ul>"""
            )}
            {Html.If(view.Running.Count > MaxShown, $"""<p class="empty">{view.Running.Count - MaxShown} more run.</p>""")}
            </section>
            """
        );

    private static Html Row(PageRequest request, NowView view, Run run)
    {
        var printed = run.Kind == RunKind.Agent ? LastPrint.Of(request.Workspace, run) : null;
        return Html.Of(
            $"""
            <li><div class="row-head">{Badge.Of("run", run.Kind == RunKind.Cycle ? "cycle" : "running")}<strong>{PageLinks.Run(
                run.Id,
                run.Title ?? RunTitle.Of(run.Task)
            )}</strong>{Html.If(
                run.StartedAt is not null,
                $"""<span class="end small">since {RelativeTime.Since(run.StartedAt ?? view.At, view.At)}</span>"""
            )}</div>
            <div class="facts"><span>{run.Mode}</span>{Html.If(run.Agent is not null, $"<span>{run.Agent}</span>")}{Html.If(
                run.Attempt > 1,
                $"<span>attempt {run.Attempt}</span>"
            )}{Left(view, run)}{Html.If(
                printed is not null,
                $"<span>printed {Printed(request, view, printed)}</span>"
            )}</div>
            {Progress(view, run)}
            {Html.If(
                printed is { Lines.Length: > 0 },
                $"""
                <pre class="output" id="out-{run.Id}" data-tail tabindex="0" role="region"
                aria-label="The last lines of {run.Title ?? run.Mode}, {run.Id}">{printed?.Lines}</pre>
                """
            )}</li>
            """
        );
    }

    private static Html Printed(PageRequest request, NowView view, LastPrint? printed) =>
        printed is null ? Html.None : Moments.Relative(printed.At, view.At, request.Zone);

    private static Html Left(NowView view, Run run) =>
        run.DeadlineAt is { } deadline
            ? Html.Of(
                $"<span>{(deadline <= view.At ? "its time is over" : $"at most {RelativeTime.Since(view.At, deadline)} left")}</span>"
            )
            : Html.None;

    private static Html Progress(NowView view, Run run)
    {
        if (run.DeadlineAt is not { } deadline || run.AttemptStartedAt is not { } began || deadline <= began)
        {
            return Html.None;
        }

        var whole = (long)(deadline - began).TotalSeconds;
        var used = Math.Clamp((long)(view.At - began).TotalSeconds, 0, whole);
        return Html.Of(
            $"""
            <progress value="{used}" max="{Math.Max(1, whole)}"{Html.If(
                used * 5 >= whole * 4,
                $" class=\"full\""
            )} aria-label="Time used of {run.Title ?? run.Mode}"></progress>
            """
        );
    }

    /// <summary>The last that a run has printed.</summary>
    private sealed record LastPrint(DateTimeOffset At, string Lines)
    {
        public static LastPrint? Of(Core.Workspace workspace, Run run)
        {
            if (workspace.Runs.OutputTail(run, TailBytes) is not { } tail)
            {
                return null;
            }

            // A part that begins within a line would be read as something else.
            var isCut = tail.Next.Offset > TailBytes;
            var from = isCut ? tail.Text.IndexOf('\n', StringComparison.Ordinal) + 1 : 0;
            var transcript = workspace.Runs.Transcript(run);
            var text = transcript.Add(tail with { Text = tail.Text[from..] }) + transcript.End();
            var lines = text.TrimEnd().Split('\n').TakeLast(MaxLines).Select(static line => TextCut.Shorten(line.TrimEnd('\r'), MaxLine));
            return new LastPrint(
                new DateTimeOffset(File.GetLastWriteTimeUtc(workspace.Runs.OutputFile(run)), TimeSpan.Zero),
                string.Join('\n', lines)
            );
        }
    }
}
