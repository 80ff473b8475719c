using LoopOrchestrator.Mcp.Configuration;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Audit;

/// <summary>Tells the audit log of each request that was refused for who sent it, or how often.</summary>
/// <param name="log">The log.</param>
internal sealed class AuditRequests(AuditLog log)
{
    /// <summary>Who needed no token.</summary>
    public const string Local = "local";

    private const string Unknown = "unknown";
    private const int MaxPathLength = 100;

    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        await next(context);
        var status = context.Response.StatusCode;
        if (status is not (StatusCodes.Status401Unauthorized or StatusCodes.Status403Forbidden or StatusCodes.Status429TooManyRequests))
        {
            return;
        }

        var grant = AccessGrant.Of(context.User);

        // Whole, as it was asked for: of the pages of a workspace the beginning is cut off on the way.
        var path = context.Request.PathBase.Value + context.Request.Path.Value;
        log.AddRefusal(
            grant?.Name ?? Unknown,
            grant?.Id,
            context.Connection.RemoteIpAddress?.ToString(),
            $"{context.Request.Method} {(path.Length <= MaxPathLength ? path : path[..MaxPathLength] + "…")}",
            status
        );
    }
}
