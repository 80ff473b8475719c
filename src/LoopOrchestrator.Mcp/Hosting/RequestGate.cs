using System.Net;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting.Connections;
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
internal sealed class RequestGate(KnownHosts hosts, TokenFile? tokens, RequestRates rates, OpenRequests open)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var needsToken = tokens is { IsRequired: true };
        if (!hosts.IsKnown(request.Host, needsToken))
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, KnownHosts.Refuse(request.Host));
        }
        else if (request.Headers.Origin.Count > 0 && !IsAllowedOrigin(request))
        {
            await AnswerAsync(context, StatusCodes.Status403Forbidden, "Requests from pages of other origins are refused.");
        }
        else if (IsDiscovery(request))
        {
            await AnswerAsync(
                context,
                StatusCodes.Status404NotFound,
                "There is no OAuth here. Where this server needs its access token, send it as it is: 'Authorization: Bearer TOKEN'."
            );
        }
        else if (request.Path.Equals(Health.HealthEndpoints.LivePath, StringComparison.Ordinal))
        {
            // Says nothing but that this process answers, and is asked by monitors.
            await next(context);
        }
        else if (needsToken)
        {
            await LetInAsync(context, next, tokens!);
        }
        else
        {
            await PassAsync(context, next, rates.TakeOpen(Peer(context)), "this address");
        }
    }

    private async Task LetInAsync(HttpContext context, RequestDelegate next, TokenFile known)
    {
        var challenge = $"Bearer realm=\"{Product.Name}\"";
        var message = "This server needs its access token: send 'Authorization: Bearer TOKEN'.";
        if (context.Request.Headers.Authorization is [{ } header] && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            var token = header[Scheme.Length..].Trim();
            if (known.Find(token, out var expired) is { } grant)
            {
                context.User = grant.User;
                await PassAsync(
                    context,
                    passed => open.ServeAsync(passed, () => known.Find(token, out _)?.Id == grant.Id, next),
                    rates.Take(grant),
                    $"the token '{grant.Name}'"
                );
                return;
            }

            challenge += ", error=\"invalid_token\"";
            if (expired is not null)
            {
                message = $"The token '{expired}' has expired. A new one is made by 'loop-orchestrator token create NAME'.";
            }
        }

        await PassAsync(
            context,
            refused =>
            {
                refused.Response.Headers.WWWAuthenticate = challenge;
                return AnswerAsync(refused, StatusCodes.Status401Unauthorized, message);
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
