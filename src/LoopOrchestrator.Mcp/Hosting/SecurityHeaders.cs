using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// What every answer tells a browser: it is no page, stands in no frame, is kept nowhere and is nobody else's. Programs pass over it.
/// </summary>
internal static class SecurityHeaders
{
    public static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        Apply(context.Response);
        return next(context);
    }

    /// <summary>Sets them; what has its own word about caches says so later.</summary>
    public static void Apply(HttpResponse response)
    {
        var headers = response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; frame-ancestors 'none'";
        headers.CacheControl = "no-store";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
    }
}
