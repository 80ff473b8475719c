using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Lets in who may come in. A web page in the user's browser can send requests to loopback and, by re-pointing a name of its own,
/// read the answers: so the name that was asked for and the page that asks are both checked, before anything else is looked at.
/// </summary>
/// <param name="hosts">The names that the server answers to.</param>
/// <param name="tokens">The tokens of which clients must show one; <see langword="null"/> where they need none.</param>
internal sealed class RequestGate(KnownHosts hosts, TokenFile? tokens)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var needsToken = tokens is { IsRequired: true };
        if (!hosts.IsKnown(request.Host, needsToken))
        {
            await AnswerAsync(
                context,
                StatusCodes.Status400BadRequest,
                KnownHosts.Refuse(request.Host)
            );
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
        else if (needsToken && !request.Path.Equals(Health.HealthEndpoints.LivePath, StringComparison.Ordinal))
        {
            await LetInAsync(context, next, tokens!);
        }
        else
        {
            await next(context);
        }
    }

    private static async Task LetInAsync(HttpContext context, RequestDelegate next, TokenFile tokens)
    {
        var challenge = $"Bearer realm=\"{Product.Name}\"";
        var message = "This server needs its access token: send 'Authorization: Bearer TOKEN'.";
        if (
            context.Request.Headers.Authorization is [{ } header]
            && header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
        )
        {
            if (tokens.Find(header[Scheme.Length..].Trim(), out var expired) is { } grant)
            {
                context.User = grant.User;
                await next(context);
                return;
            }

            challenge += ", error=\"invalid_token\"";
            if (expired is not null)
            {
                message = $"The token '{expired}' has expired. A new one is made by 'loop-orchestrator token create NAME'.";
            }
        }

        context.Response.Headers.WWWAuthenticate = challenge;
        await AnswerAsync(context, StatusCodes.Status401Unauthorized, message);
    }

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
