using System.Text.Json;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting.Sessions;
using LoopOrchestrator.Mcp.Tools.Calls;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Hosting.OAuth;

/// <summary>
/// Answers a call for which an issuer's token has too small a scope with 403 and the scope that it needs, so that a client can ask its
/// person for a further one. What this does not see (a message of more than 64 KiB) is refused by <see cref="ToolScopes"/> in its answer.
/// It stands behind the one that has read the message.
/// </summary>
/// <param name="issuer">The issuer.</param>
/// <param name="served">The tools that there are: nobody is asked for a further scope in vain.</param>
internal sealed class ScopeChallenge(IssuerAccess issuer, IReadOnlySet<string> served)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (
            AccessGrant.Of(context.User) is { IssuerScopes: { } words, Scope: < AccessScope.Admin } grant
            && HttpMethods.IsPost(context.Request.Method)
            && McpRoute.Leads(context.Request)
            && await ReadToolAsync(context.Request) is { } tool
            && served.Contains(tool)
            && ToolScopes.All.TryGetValue(tool, out var needed)
            && needed > grant.Scope
        )
        {
            var reason =
                $"{tool} was not called: it needs the scope {words[(int)needed]}, and the access token has {words[(int)grant.Scope]}.";
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            context.Response.Headers.WWWAuthenticate = issuer.Challenge(context.Request, "insufficient_scope", reason, needed);
            context.Response.ContentType = "text/plain; charset=utf-8";
            await context.Response.WriteAsync(reason + "\n", context.RequestAborted);
            return;
        }

        await next(context);
    }

    private static async Task<string?> ReadToolAsync(HttpRequest request)
    {
        if (!request.Body.CanSeek)
        {
            return null;
        }

        try
        {
            using var message = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return
                message.RootElement is { ValueKind: JsonValueKind.Object } root
                && Text(root, "method") == RequestMethods.ToolsCall
                && root.TryGetProperty("params", out var parameters)
                && parameters.ValueKind == JsonValueKind.Object
                ? Text(parameters, "name")
                : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // It is refused by whoever reads it next.
            return null;
        }
        finally
        {
            request.Body.Position = 0;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
