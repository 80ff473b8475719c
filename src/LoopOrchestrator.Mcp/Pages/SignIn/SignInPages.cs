using LoopOrchestrator.Mcp.Pages.Access;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.SignIn;

/// <summary>Where a person shows a token, once for each browser.</summary>
/// <param name="judge">Says whether it counts.</param>
/// <param name="sessions">The browsers that have signed in.</param>
internal sealed class SignInPages(ITokenJudge judge, PageSessions sessions)
{
    private const string Field = "token";
    private const string Next = "next";

    public void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPage(PagePaths.SignIn, ShowAsync, isInside: false);
        endpoints.MapAction(PagePaths.SignIn, tool: null, SignInAsync);
        endpoints.MapAction(PagePaths.SignOut, tool: null, SignOutAsync);
    }

    private Task<Page> ShowAsync(PageRequest request) =>
        Task.FromResult(judge.IsNeeded ? Form(request, request.Query(Next), error: null) : NotNeeded());

    private async Task<PageAnswer> SignInAsync(PageForm form)
    {
        var next = PageUrl.Parse(form.Find(Next));
        if (!judge.IsNeeded)
        {
            return PageAnswer.GoTo(next ?? PageUrl.Start);
        }

        var word = form.Text(Field).Trim();
        if (word.Length == 0)
        {
            return PageAnswer.Show(
                Form(form.Request, next?.ToString(), "Enter a token.") with
                {
                    Status = StatusCodes.Status422UnprocessableEntity,
                }
            );
        }

        var judgement = await judge.JudgeAsync(word, form.Request.Aborted);
        if (judgement.Grant is not { } grant)
        {
            var reason =
                judgement.Status == StatusCodes.Status401Unauthorized && !judgement.Refusal.Contains("expired", StringComparison.Ordinal)
                    ? "This token does not count here. 'loop-orchestrator token list' shows those that do."
                    : judgement.Refusal;
            return PageAnswer.Show(Form(form.Request, next?.ToString(), reason) with { Status = judgement.Status });
        }

        if (PageVisitor.SessionOf(form.Request.Context) is { } before)
        {
            sessions.End(before);
        }

        PageVisitor.Give(form.Request.Context, sessions.Begin(grant, judgement.StillCounts));
        return PageAnswer.GoTo(next ?? PageUrl.Start);
    }

    private Task<PageAnswer> SignOutAsync(PageForm form)
    {
        if (PageVisitor.SessionOf(form.Request.Context) is { } session)
        {
            sessions.End(session);
        }

        PageVisitor.TakeBack(form.Request.Context);
        return Task.FromResult(PageAnswer.GoTo(PageUrl.To(PagePaths.SignIn)));
    }

    private static Page NotNeeded() =>
        new("Sign in", Html.Of($"""<p class="notice narrow">Nobody has to sign in here. <a href="{PageUrl.Start}">Go to Now</a></p>"""));

    private static Page Form(PageRequest request, string? next, string? error) =>
        new(
            "Sign in",
            Html.Of(
                $"""
                <section class="panel narrow"><div class="body"><form class="fields" method="post" action="{PageUrl.To(PagePaths.SignIn)}">
                {request.TokenField}<input type="hidden" name="{Next}" value="{next}">
                <div class="field wide"><label for="token">Access token</label>
                <input class="mono" id="token" name="{Field}" type="password" autocomplete="current-password" required autofocus{Html.If(
                    error is not null,
                    $" aria-invalid=\"true\""
                )} aria-describedby="token-hint{Html.If(error is not null, $" token-error")}">
                {Html.If(error is not null, $"""<p class="error" id="token-error" role="alert">{error}</p>""")}
                <p class="hint" id="token-hint">Made where the server runs: <code>loop-orchestrator token create NAME --scope admin</code>.
                With the scope read you look, with run you have work done, with admin you change schedules. The browser keeps a cookie
                of its own and never the token; it ends when you sign out, with the token, or when the server is started again.</p></div>
                <div class="wide"><button class="primary">Sign in</button></div>
                </form></div></section>
                """
            )
        );
}
