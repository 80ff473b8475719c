using System.Globalization;
using System.Net;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting.Connections;
using LoopOrchestrator.Mcp.Hosting.OAuth;
using LoopOrchestrator.Mcp.Pages.Access;
using LoopOrchestrator.Mcp.Pages.Serving;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Lets in who may come in. A web page in the user's browser can send requests to loopback and, by re-pointing a name of its own,
/// read the answers: so the name that was asked for and the page that asks are both checked, before anything else is looked at.
/// </summary>
/// <param name="hosts">The names that the server answers to.</param>
/// <param name="tokens">The tokens of which clients must show one; <see langword="null"/> where they need none.</param>
/// <param name="rates">How often each caller may ask.</param>
/// <param name="open">Ends what is open when its token counts no more.</param>
/// <param name="issuer">Whose access tokens count beside ours; <see langword="null"/> for nobody's.</param>
/// <param name="sessions">The browsers that have signed in; their cookies count for pages and for nothing else.</param>
internal sealed class RequestGate(
    KnownHosts hosts,
    TokenFile? tokens,
    RequestRates rates,
    OpenRequests open,
    IssuerAccess? issuer = null,
    PageSessions? sessions = null
)
{
    private const string Scheme = "Bearer ";

    private readonly TokenJudge _judge = new(tokens, issuer);

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var needsToken = _judge.IsNeeded;
        if (!hosts.IsKnown(request.Host, needsToken))
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, KnownHosts.Refuse(request.Host));
        }
        else if (request.Headers.Origin.Count > 0 && !IsAllowedOrigin(request))
        {
            await AnswerAsync(context, StatusCodes.Status403Forbidden, "Requests from pages of other origins are refused.");
        }
        else if (issuer is not null && issuer.IsMetadata(request))
        {
            await issuer.AnswerMetadataAsync(context);
        }
        else if (IsDiscovery(request))
        {
            await AnswerAsync(
                context,
                StatusCodes.Status404NotFound,
                issuer is null
                    ? "There is no OAuth here. Where this server needs its access token, send it as it is: 'Authorization: Bearer TOKEN'."
                    : $"This server issues no access tokens; {issuer.Issuer} does. Ask there."
            );
        }
        else if (request.Path.Equals(Health.HealthEndpoints.LivePath, StringComparison.Ordinal))
        {
            // Says nothing but that this process answers, and is asked by monitors.
            await next(context);
        }
        else if (needsToken)
        {
            await LetInAsync(context, next);
        }
        else
        {
            await PassAsync(context, next, rates.TakeOpen(Peer(context)), "this address");
        }
    }

    private async Task LetInAsync(HttpContext context, RequestDelegate next)
    {
        var judgement = TokenJudge.Missing;
        string? error = null;
        if (context.Request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            judgement = await _judge.JudgeAsync(header[Scheme.Length..].Trim(), context.RequestAborted);
            if (judgement.Grant is { } grant)
            {
                context.User = grant.User;
                await PassAsync(
                    context,
                    passed => open.ServeAsync(passed, judgement.StillCounts, next),
                    rates.Take(grant),
                    grant.IssuerScopes is null ? $"the token '{grant.Name}'" : grant.Name
                );
                return;
            }

            error = judgement.Status == StatusCodes.Status403Forbidden ? "insufficient_scope" : "invalid_token";
        }
        else if (sessions is not null && PagePaths.Owns(context.Request.Path))
        {
            if (PageVisitor.WordOf(context.Request) is { } word && sessions.Find(word) is { } session)
            {
                PageVisitor.LetIn(context, session);
                await PassAsync(
                    context,
                    passed => open.ServeAsync(passed, () => sessions.GoesOn(session), next),
                    rates.Take(session.Grant),
                    $"the token '{session.Grant.Name}'"
                );
                return;
            }

            if (PagePaths.IsForEverybody(context.Request.Path))
            {
                await PassAsync(context, next, rates.TakeRefused(Peer(context)), "this address");
                return;
            }

            if (PagePaths.IsOfAPerson(context.Request))
            {
                await PassAsync(context, PagePaths.SendToSignInAsync, rates.TakeRefused(Peer(context)), "this address");
                return;
            }
        }

        await PassAsync(
            context,
            refused =>
            {
                if (judgement.Status == StatusCodes.Status503ServiceUnavailable)
                {
                    refused.Response.Headers.RetryAfter = Math.Max(1, (int)Math.Ceiling(judgement.RetryAfter.TotalSeconds))
                        .ToString(CultureInfo.InvariantCulture);
                }
                else
                {
                    // What work in a session needs; more is asked for when it is.
                    refused.Response.Headers.WWWAuthenticate = issuer?.Challenge(refused.Request, error, judgement.Refusal, AccessScope.Run)
                        ?? $"Bearer realm=\"{Product.Name}\"{(error is null ? "" : $", error=\"{error}\"")}";
                }

                return AnswerAsync(refused, judgement.Status, judgement.Refusal);
            },
            rates.TakeRefused(Peer(context)),
            "this address"
        );
    }

    private static Task PassAsync(HttpContext context, RequestDelegate next, TimeSpan? after, string who) =>
        after is { } wait ? TooManyRequests.AnswerAsync(context, wait, who) : next(context);

    private static string Peer(HttpContext context) =>
        ConnectionPlacesSetup.Peer(
            context.Connection.RemoteIpAddress is { } address ? new IPEndPoint(address, context.Connection.RemotePort) : null
        );

    // Clients look here first, and take 404 for "no OAuth, send the token that was configured"; 401 stops them.
    private static bool IsDiscovery(HttpRequest request) =>
        request.Path.StartsWithSegments("/.well-known", StringComparison.Ordinal)
        || (HttpMethods.IsPost(request.Method) && request.Path.Equals("/register", StringComparison.Ordinal));

    private bool IsAllowedOrigin(HttpRequest request)
    {
        // "null" (sandboxed frames, files) parses as no absolute URI and is refused with the rest.
        if (
            request.Headers.Origin.Count != 1
            || !Uri.TryCreate(request.Headers.Origin[0], UriKind.Absolute, out var origin)
            || !origin.Scheme.StartsWith("http", StringComparison.Ordinal)
        )
        {
            return false;
        }

        var sameOrigin = Same(origin.Authority, request.Host.Value ?? string.Empty) && Same(origin.Scheme, request.Scheme);
        return sameOrigin || hosts.IsOwnOrigin(origin);
    }

    private static bool Same(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);

    private static Task AnswerAsync(HttpContext context, int status, string message)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message + "\n", context.RequestAborted);
    }
}
