using System.Globalization;
using LoopOrchestrator.Core.Acknowledgements;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Now;

/// <summary>What needs a person, each with its one action.</summary>
internal static class NeedList
{
    public const string Seen = PagePaths.Now + "/seen";
    public const string Answer = PagePaths.Now + "/answer";
    public const string Resolve = PagePaths.Now + "/resolve";
    public const string Resume = PagePaths.Now + "/resume-agent";

    private const int MaxShown = 30;
    private const int MaxKeys = 9;

    // From here on it is quicker to say that all of it has been seen.
    private const int ManyDone = 3;

    public static Html Render(PageRequest request, NowView view)
    {
        var done = view.Needs.Where(static need => need.Kind == NeedKind.Done).ToList();
        var all =
            done.Count >= ManyDone
                ? request.Button(
                    new PageButton("All done seen", NowPages.SeenTool) { Id = "seen-all", Style = "link" },
                    PageUrl.To(Seen),
                    ("subject", AcknowledgementSubject.AllDone),
                    ("until", Milliseconds(done.Max(static need => need.Until)!.Value))
                )
                : Html.None;
        var shown = view.Needs.Take(MaxShown).ToList();
        var doable = shown.Where(static need => need.Action != NeedAction.AtTheServer).ToList();
        var plus = view.HasMoreNeeds ? "+" : "";
        return Html.Of(
            $"""
            <section class="panel" id="needs" data-part aria-labelledby="needs-title"><header><h2 id="needs-title">Needs you</h2>
            {Html.If(view.Needs.Count > 0, $"<span class=\"badge {Tone(view.Needs[0].Kind)}\">{view.Needs.Count}{plus}</span>")}
            <span class="soft">{all}</span></header>
            {Html.If(view.Needs.Count == 0, $"""<p class="empty">Nothing. What is done has been seen, and nothing waits for you.</p>""")}
            {Html.If(
                view.Needs.Count > 0,
                $"""<ol class="plain rows">{shown.Select(need => Row(request, view, need, doable.IndexOf(need)))}</ol>"""
            )}
            {Html.If(
                view.Needs.Count > MaxShown,
                $"""<p class="empty">{view.Needs.Count - MaxShown}{plus} more, of which the first come up as these are dealt with.</p>"""
            )}
            </section>
            """
        );
    }

    // The number is its place among those that something is done about here; none has -1.
    private static Html Row(PageRequest request, NowView view, Need need, int number)
    {
        var key = number is >= 0 and < MaxKeys ? string.Create(CultureInfo.InvariantCulture, $"{number + 1}") : null;
        return Html.Of(
            $"""
            <li class="{(need.Action == NeedAction.Acknowledge ? "split" : "")}"><div class="row-head">
            {Badge.Of(Tone(need.Kind), need.KindName)}<strong>{(need.RunId is { } run
                ? PageLinks.Run(run, need.Title)
                : Html.Of($"{need.Title}"))}</strong>
            {Html.If(need.Count > 1, $"""<span class="soft small count">{need.Count} runs</span>""")}
            {Html.If(need.HasNoEvidence, $"""<span class="badge hollow idle">no evidence</span>""")}
            {Html.If(need.Since is not null, $"""<span class="end small">{Since(request, view, need)}</span>""")}</div>
            <p>{PageWords.Of(need.Text)}</p>
            {Action(request, need, key)}</li>
            """
        );
    }

    private static string Tone(NeedKind kind) =>
        kind switch
        {
            NeedKind.Blocked => "wait",
            NeedKind.Failed => "bad",
            _ => "ok",
        };

    private static Html Since(PageRequest request, NowView view, Need need) =>
        need.Since is { } since ? Moments.Relative(since, view.At, request.Zone) : Html.None;

    private static Html Action(PageRequest request, Need need, string? key) =>
        need.Action switch
        {
            NeedAction.Acknowledge => Html.Of(
                $"""
                <div class="actions">{request.Button(
                    new PageButton("Seen", NowPages.SeenTool) { About = need.Title, Key = key, Id = $"do-{need.Subject}" },
                    PageUrl.To(Seen),
                    ("subject", need.Subject!),
                    ("until", Milliseconds(need.Until!.Value))
                )}</div>
                """
            ),
            NeedAction.ResumeAgent => Html.Of(
                $"""
                <div class="actions">{request.Button(
                    new PageButton("Let it go on", "resume_agent") { About = need.Title, Key = key, Id = $"do-{need.Title}" },
                    PageUrl.To(Resume),
                    ("agent", need.Agent!)
                )}</div>
                """
            ),
            NeedAction.Answer when request.May("answer_run") => AnswerForm(request, need, key),
            NeedAction.Resolve when request.May("resolve_escalation") => ResolveForm(request, need, key),
            _ => Html.None,
        };

    private static Html AnswerForm(PageRequest request, Need need, string? key)
    {
        var run = need.Run!;
        var questions = run.Questions.Select(
            (question, index) =>
                Html.Of(
                    $"""
                    <div class="field wide"><label for="answer-{run.Id}-{index}">{question}</label>
                    <textarea id="answer-{run.Id}-{index}" name="answer{index}" rows="3" required></textarea></div>
                    """
                )
        );
        return Opened(
            $"answer-{run.Id}",
            "Answer",
            key,
            Html.Of(
                $"""
                <form class="fields" method="post" action="{PageUrl.To(
                    Answer
                )}">{request.TokenField}<input type="hidden" name="run_id" value="{run.Id}">
                {questions}<div class="wide"><button class="primary">Answer</button></div></form>
                """
            )
        );
    }

    private static Html ResolveForm(PageRequest request, Need need, string? key) =>
        Opened(
            $"resolve-{need.EscalationId}",
            "Resolve",
            key,
            Html.Of(
                $"""
                <form class="fields" method="post" action="{PageUrl.To(Resolve)}">{request.TokenField}
                <input type="hidden" name="escalation_id" value="{need.EscalationId!.Value}">
                <div class="field wide"><label for="note-{need.EscalationId.Value}">What was done about it</label>
                <input id="note-{need.EscalationId.Value}" name="note" required maxlength="2000">
                <p class="hint">It is kept with the escalation, and its work goes on.</p></div>
                <div class="wide"><button class="primary">Resolve</button></div></form>
                """
            )
        );

    private static Html Opened(string id, string label, string? key, Html content) =>
        Html.Of(
            $"""
            <details id="{id}"><summary class="button"{Html.If(key is not null, $" data-key=\"{key}\"")}>{label}…{Html.If(
                key is not null,
                $"<kbd aria-hidden=\"true\">{key}</kbd>"
            )}</summary>{content}</details>
            """
        );

    private static string Milliseconds(DateTimeOffset moment) => moment.ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
}
