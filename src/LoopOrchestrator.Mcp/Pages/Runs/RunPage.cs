using System.Globalization;
using LoopOrchestrator.Core.Reports;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Runs.Stores;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Core.Text;
using LoopOrchestrator.Core.Workflows.Cycles;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>One run: where it stands, what it has to show, what it was told and what it printed.</summary>
internal static class RunPage
{
    private const int TailBytes = 16 * 1024;
    private const int MaxDecisions = 100;
    private const int MaxText = 20_000;

    public static async Task<Page> ShowAsync(PageRequest request)
    {
        var workspace = request.Workspace;
        var id = await workspace.Runs.ResolveAsync(request.Context.Request.RouteValues["id"] as string ?? "", request.Aborted);
        var run = await workspace.Runs.GetAsync(id, request.Aborted);
        var cycle =
            run.Kind == RunKind.Cycle ? await workspace.Cycles.FindAsync(run.Id, request.Aborted)
            : run.CycleId is { } above ? await workspace.Cycles.FindAsync(above, request.Aborted)
            : null;
        var evidence = await workspace.Status.EvidenceAsync(run, request.Aborted);
        var whyNot = await workspace.Status.WhyNotAsync(run, request.Aborted);
        var attempts = await workspace.Runs.AttemptsAsync(run.Id, request.Aborted);
        var decisions = await workspace.Runs.DecisionsAsync(run.Id, request.Aborted);
        var below = await workspace.Runs.SubRunsAsync(run.Id, request.Aborted);
        var body = Html.Of(
            $"""
            <div class="stack">
            {Notices.Done(request.Query("done"), RunPages.Texts)}
            <section id="state" data-part aria-label="State"><div class="row-head">{Badge.Of(
                run.State,
                run.State == RunState.Succeeded && evidence is { Any: false }
            )}<span>{PageWords.Of(whyNot?.Text ?? run.Reason)}</span></div></section>
            <div class="columns"><div class="stack">
            {Stages(run, cycle)}
            {Evidence(run, evidence)}
            {CycleItemList.Of(run, cycle)}
            {Text("summary", "Summary", run.Summary)}
            {List("findings", "Findings", run.Findings)}{List("follow-ups", "Follow-ups", run.FollowUps)}
            {List("questions", "Questions", run.Questions)}{List("answers", "Answers", run.Answers)}
            {Output(request, run)}
            {Text("task", "Task", run.Task)}
            {Brief(workspace.Runs.Brief(run))}
            </div><div class="stack">
            {RunFacts.Of(request, run)}
            {RunTree.Of(run, below)}
            {Attempts(request, attempts)}
            {Decisions(request, decisions)}
            </div></div></div>
            """
        );
        return new Page(RunRows.Title(run), body)
        {
            Of = RunPages.Path,
            Actions = RunActions.Of(request, run, cycle),
            IsLive = true,
            Said = $"{RunRows.Title(run)}: {run.State.Name().Replace('_', ' ')}",
        };
    }

    private static Html Stages(Run run, Cycle? cycle) =>
        run.Kind == RunKind.Cycle && cycle is not null
            ? Panel.Of(
                "stages",
                "Stages",
                Panel.Body(
                    Html.Of(
                        $"""
                        {Html.If(cycle.HeldReason is not null, $"""<p class="notice wait">Held: {cycle.HeldReason}</p>""")}
                        {Figure.Of("stage-plot", "Stages", CyclePlot.Draw(cycle, "stage-plot"))}
                        """
                    )
                ),
                cycle.Reworks > 0 ? $"went back {cycle.Reworks} of at most {cycle.Workflow.MaxReworks} times" : "",
                isLive: true
            )
            : Html.None;

    private static Html Evidence(Run run, RunEvidence? evidence)
    {
        if (evidence is null)
        {
            return Html.None;
        }

        var changes = evidence.Changes ?? new StepChanges(0, 0, 0, [], []);
        return Panel.Of(
            "evidence",
            "Evidence",
            Panel.Body(
                Html.Of(
                    $"""
                    <div class="stack"><p>{evidence.Describe()}</p>
                    {Html.If(evidence.Gates.Count > 0, $"""<ul class="plain facts">{evidence.Gates.Select(Gate)}</ul>""")}
                    {Lines(
                        "changed-files",
                        $"{Count(changes.FileCount, "changed file")}, +{changes.Added} −{changes.Removed} lines",
                        changes.Files
                    )}
                    {Lines("commits", Count(changes.Commits.Count, "commit"), changes.Commits)}
                    {Html.If(
                        changes.FileCount > 0 && run.CycleId is not null,
                        $"""<p><a href="{RunPages.ChangesOf(run.Id)}">What it changed, line by line</a></p>"""
                    )}</div>
                    """
                )
            ),
            isLive: true
        );
    }

    private static string Count(int count, string what) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {what}{(count == 1 ? "" : "s")}");

    private static Html Gate(GateEvidence gate) =>
        Html.Of(
            $"""
            <li>{Badge.Of(gate.Passed ? "ok" : "bad", gate.Passed ? "passed" : "failed")} {gate.Name}
            {Html.If(gate.ExitCode is not null, $" (exit code {gate.ExitCode ?? 0})")}</li>
            """
        );

    private static Html Lines(string id, string summary, IReadOnlyList<string> lines) =>
        Html.If(
            lines.Count > 0,
            $"""
            <details id="{id}"><summary>{summary}</summary>
            <ul class="plain mono small">{lines.Select(static line => Html.Of($"<li>{line}</li>"))}</ul></details>
            """
        );

    private static Html Output(PageRequest request, Run run)
    {
        if (run.Kind != RunKind.Agent || run.Attempt == 0)
        {
            return Html.None;
        }

        var tail = request.Workspace.Runs.OutputTail(run, TailBytes);
        var file = RunPages.OutputOf(run.Id);
        return Panel.Of(
            "output",
            "Output",
            Panel.Body(
                Html.Of(
                    $"""
                    {Html.If(tail is null, $"""<p class="soft">It has printed nothing.</p>""")}
                    {Html.If(tail is not null, $"{Panel.Output("tail", "The end of its output", tail?.Text ?? "", isTail: true)}")}
                    {Html.If(tail is not null, $"""<p class="small"><a href="{file}" download>All of it as a file</a></p>""")}
                    """
                )
            ),
            "the last part",
            isLive: true
        );
    }

    private static Html Text(string id, string title, string? text) =>
        string.IsNullOrWhiteSpace(text)
            ? Html.None
            : Panel.Of(id, title, Panel.Body(Panel.Output($"{id}-text", title, Cut(text))), isLive: true);

    private static Html Brief(string? brief) =>
        brief is null
            ? Html.None
            : Panel.Of(
                "brief",
                "Brief",
                Panel.Body(
                    Html.Of(
                        $"<details id=\"brief-part\"><summary>Show</summary>{Panel.Output("brief-text", "Brief", Cut(brief))}</details>"
                    )
                ),
                "what its agent was told",
                isLive: true
            );

    private static Html List(string id, string title, IReadOnlyList<string> items) =>
        items.Count == 0
            ? Html.None
            : Panel.Of(id, title, Panel.Rows([.. items.Select(static item => Html.Of($"{item}"))], empty: ""), isLive: true);

    private static Html Attempts(PageRequest request, IReadOnlyList<RunAttempt> attempts) =>
        attempts.Count < 2
            ? Html.None
            : Panel.Of(
                "attempts",
                "Attempts",
                Panel.Rows([.. attempts.Select(attempt => Attempt(request, attempt))], empty: ""),
                isLive: true
            );

    private static Html Attempt(PageRequest request, RunAttempt attempt) =>
        Html.Of(
            $"""
            <div class="row-head"><strong>{attempt.Number}</strong>
            {Html.If(attempt.Outcome is not null, $"{Badge.Of(attempt.Outcome ?? RunState.Running)}")}
            <span class="end small">{Moments.Relative(attempt.StartedAt, request.Now, request.Zone)}</span></div>
            {Html.If(attempt.Reason is not null, $"""<p class="small soft">{attempt.Reason}</p>""")}
            """
        );

    private static Html Decisions(PageRequest request, IReadOnlyList<RunDecision> decisions) =>
        decisions.Count == 0
            ? Html.None
            : Panel.Of(
                "decisions",
                "Why it went so",
                Panel.Rows([.. decisions.TakeLast(MaxDecisions).Select(decision => Decision(request, decision))], empty: ""),
                decisions.Count > MaxDecisions ? $"the last {MaxDecisions} of {decisions.Count}" : "",
                isLive: true
            );

    private static Html Decision(PageRequest request, RunDecision decision) =>
        Html.Of(
            $"""
            <p class="small"><span class="soft">{Moments.At(decision.At, request.Now, request.Zone)}</span> {PageWords.Of(
                decision.Text
            )}</p>
            """
        );

    private static string Cut(string text) =>
        text.Length <= MaxText
            ? text
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{TextCut.Shorten(text, MaxText)}\n\n[{text.Length - MaxText:#,0} characters more]"
            );
}
