using System.Globalization;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.Now;

/// <summary>What one look is to tell: whether it lives, what needs a person, what it does, what comes next and what it has cost.</summary>
internal static class NowPages
{
    /// <summary>
    /// The tool whose scope noting needs that something has been seen: no tool does the same, and this one too changes what a person keeps
    /// track of and starts nothing.
    /// </summary>
    public const string SeenTool = "update_todo";

    private const int MaxAnswers = 50;

    private static readonly Dictionary<string, string> Texts = new(StringComparer.Ordinal)
    {
        ["answered"] = "Answered; the run goes on.",
        ["resolved"] = "Resolved; its work goes on.",
        ["resumed"] = "The agent goes on.",
    };

    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPage("/", ShowAsync);
        endpoints.MapAction(NeedList.Seen, SeenTool, SeenAsync);
        endpoints.MapAction(NeedList.Answer, "answer_run", AnswerAsync);
        endpoints.MapAction(NeedList.Resolve, "resolve_escalation", ResolveAsync);
        endpoints.MapAction(NeedList.Resume, "resume_agent", ResumeAsync);
    }

    private static async Task<Page> ShowAsync(PageRequest request)
    {
        var began = request.Time.GetTimestamp();
        var view = await request.Workspace.Status.NowAsync(request.Aborted);
        var evidence = await EvidenceAsync(request, view);
        var reading = request.Time.GetElapsedTime(began);
        var body = Html.Of(
            $"""
            <div class="stack">
            {Notices.Done(request.Query("done"), Texts)}
            {Pulse(view)}
            <div class="columns"><div class="stack">
            {NeedList.Render(request, view)}
            {RunningList.Render(request, view)}
            {LatelyList.Render(request, view, evidence)}
            </div><div class="stack">
            {NextList.Render(request, view)}
            {WaitingList.Render(request, view)}
            {SpendPanel.Render(request, view)}
            </div></div></div>
            """
        );
        return new Page("Now", body)
        {
            Of = "/",
            IsLive = true,
            Said = $"{Count(view.Needs.Count)}{(view.Life.IsAlive ? "" : " Schedules do not fire.")}",
            Reading = reading,
        };
    }

    private static async Task<IReadOnlyDictionary<string, RunEvidence>> EvidenceAsync(PageRequest request, NowView view)
    {
        var found = new Dictionary<string, RunEvidence>(StringComparer.Ordinal);
        foreach (var run in view.DoneLately)
        {
            if (await request.Workspace.Status.EvidenceAsync(run, request.Aborted) is { } evidence)
            {
                found[run.Id] = evidence;
            }
        }

        return found;
    }

    private static Html Pulse(NowView view) =>
        Html.Of(
            $"""
            <section id="life" data-part aria-label="Proof of life"><p class="pulse {(view.Life.IsAlive ? "ok" : "bad")}"><strong>{(
                view.Life.IsAlive ? "Alive." : "Look here."
            )}</strong>{view.Life.Describe(view.At)}</p></section>
            """
        );

    private static string Count(int count) =>
        count switch
        {
            0 => "Nothing needs you.",
            1 => "One thing needs you.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{count} things need you."),
        };

    private static async Task<PageAnswer> SeenAsync(PageForm form)
    {
        if (!long.TryParse(form.Text("until"), NumberStyles.None, CultureInfo.InvariantCulture, out var until))
        {
            throw new UserErrorException("Nothing was recorded: the form says not up to when.");
        }

        // A number beyond every calendar means now, as every later moment does.
        var moment =
            until > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
                ? DateTimeOffset.MaxValue
                : DateTimeOffset.FromUnixTimeMilliseconds(until);
        await form.Request.Workspace.Acknowledgements.AcknowledgeAsync(form.Text("subject"), moment, form.Request.Aborted);
        return PageAnswer.GoTo(PageUrl.Start);
    }

    private static async Task<PageAnswer> AnswerAsync(PageForm form)
    {
        var answers = Enumerable
            .Range(0, MaxAnswers)
            .Select(index => form.Find(string.Create(CultureInfo.InvariantCulture, $"answer{index}")))
            .TakeWhile(static answer => answer is not null)
            .Select(static answer => answer!)
            .ToList();
        await form.Request.Workspace.Runs.AnswerAsync(form.Text("run_id"), answers, form.Request.Aborted);
        return PageAnswer.GoTo(PageUrl.To("/", ("done", "answered")));
    }

    private static async Task<PageAnswer> ResolveAsync(PageForm form)
    {
        if (!long.TryParse(form.Text("escalation_id"), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
        {
            throw new UserErrorException("Nothing was resolved: the form names no escalation.");
        }

        await form.Request.Workspace.Escalations.ResolveAsync(id, form.Text("note"), form.Request.Aborted);
        return PageAnswer.GoTo(PageUrl.To("/", ("done", "resolved")));
    }

    private static async Task<PageAnswer> ResumeAsync(PageForm form)
    {
        await form.Request.Workspace.Runs.ResumeAgentAsync(form.Text("agent"), form.Request.Aborted);
        return PageAnswer.GoTo(PageUrl.To("/", ("done", "resumed")));
    }
}
