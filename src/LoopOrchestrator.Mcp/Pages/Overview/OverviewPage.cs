using System.Globalization;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Core.Status;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using LoopOrchestrator.Mcp.Served;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Pages.Overview;

/// <summary>
/// All workspaces of a server that serves several, one look at each: whether it lives, what needs a person, what runs, what is next.
/// </summary>
internal static class OverviewPage
{
    private const int MaxRunning = 3;

    /// <summary>Sends it.</summary>
    /// <param name="context">The request.</param>
    /// <param name="served">The workspaces.</param>
    public static async Task ServeAsync(HttpContext context, ServedWorkspaces served)
    {
        var request = new PageRequest(context);
        var began = request.Time.GetTimestamp();
        var answers = await served.AskAllAsync(
            static (services, token) => services.GetRequiredService<Workspace>().Status.NowAsync(token),
            request.Time,
            request.Aborted
        );
        var needs = answers.Sum(static answer => answer.Value?.Needs.Count ?? 1);
        var sections = answers.Select(answer =>
            answer.Value is { } view ? Section(request, answer.Of, view) : Trouble(answer.Of, answer.Problem!)
        );
        var page = new Page("All workspaces", Html.Of($"""<div class="stack">{sections}</div>"""))
        {
            IsOfAll = true,
            IsLive = true,
            Said = Count(needs),
        };
        await PageWriter.WriteAsync(request, page, began);
    }

    private static PageUrl Of(ServedWorkspace one) => PageUrl.To($"{PagePaths.Workspaces}/{one.Name}/");

    private static Html Trouble(ServedWorkspace one, string problem) =>
        Frame(
            one,
            Html.Of(
                $"""<p class="pulse bad"><strong>{(one.Services is null ? "Not served." : "No answer.")}</strong>{problem}</p>"""
            ),
            Html.None
        );

    private static Html Section(PageRequest request, ServedWorkspace one, NowView view) =>
        Frame(
            one,
            Html.Of(
                $"""
                <p class="pulse {(view.Life.IsAlive ? "ok" : "bad")}"><strong>{(
                    view.Life.IsAlive ? "Alive." : "Look here."
                )}</strong>{view.Life.Describe(view.At)}</p>
                """
            ),
            Html.Of(
                $"""
                <ul class="plain rows">
                <li><strong>{Count(view.Needs.Count)}</strong>{Html.If(view.HasMoreNeeds, $" There may be more.")}</li>
                <li>{Running(view.Running)}</li>
                <li>{Next(request, view)}</li>
                </ul>
                """
            )
        );

    private static Html Frame(ServedWorkspace one, Html life, Html rows) =>
        Html.Of(
            $"""
            <section class="panel" id="w-{one.Name}" data-part aria-labelledby="w-{one.Name}-title">
            <header><h2 id="w-{one.Name}-title"><a href="{Of(one)}">{one.Name}</a></h2>
            <span class="soft small mono">{one.Folder}</span></header>
            <div class="body">{life}</div>{rows}</section>
            """
        );

    private static Html Running(IReadOnlyList<Run> running) =>
        running.Count == 0
            ? Html.Of($"Nothing runs.")
            : Html.Of(
                $"""
                {running.Count} running: {string.Join(
                    ", ",
                    running.Take(MaxRunning).Select(static run => run.Title ?? RunTitle.Of(run.Task))
                )}{Html.If(running.Count > MaxRunning, $" and more")}
                """
            );

    private static Html Next(PageRequest request, NowView view) =>
        view.Next is [{ NextOccurrence: { } due } next, ..]
            ? Html.Of($"Next: {next.Schedule.Name}, {Moments.Relative(due, view.At, request.Zone)}")
            : Html.Of($"Nothing is due.");

    private static string Count(int count) =>
        count switch
        {
            0 => "Nothing needs you.",
            1 => "One thing needs you.",
            _ => string.Create(CultureInfo.InvariantCulture, $"{count} things need you."),
        };
}
