using System.Globalization;
using System.Text;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Pages.Access;
using LoopOrchestrator.Mcp.Pages.Assets;
using LoopOrchestrator.Mcp.Pages.Layout;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>Sends pages, with what browsers are told to hold them to.</summary>
internal static class PageWriter
{
    /// <summary>Nothing but our own files, no script or style within a page, no frame around it.</summary>
    public const string Policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; "
        + "base-uri 'none'; frame-ancestors 'none'";

    /// <summary>Sends a page.</summary>
    /// <param name="request">What it was asked with.</param>
    /// <param name="page">The page.</param>
    /// <param name="began">The timestamp at which its request came.</param>
    public static async Task WriteAsync(PageRequest request, Page page, long began)
    {
        var response = request.Context.Response;
        var drawn = request.Time.GetTimestamp();
        var html = Encoding.UTF8.GetBytes(PageLayout.Render(FrameOf(request, page), page).ToString());
        Prepare(response);
        response.StatusCode = page.Status;
        response.ContentType = "text/html; charset=utf-8";
        response.ContentLength = html.Length;
        response.Headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture,
            $"read;dur={(page.Reading ?? request.Time.GetElapsedTime(began, drawn)).TotalMilliseconds:0.00}, "
                + $"draw;dur={request.Time.GetElapsedTime(drawn).TotalMilliseconds:0.00}, "
                + $"total;dur={request.Time.GetElapsedTime(began).TotalMilliseconds:0.00}"
        );
        if (!HttpMethods.IsHead(request.Context.Request.Method))
        {
            await response.Body.WriteAsync(html, request.Aborted);
        }
    }

    /// <summary>Sends a visitor on, behind what they have done.</summary>
    public static void GoTo(HttpResponse response, PageUrl target)
    {
        Prepare(response);
        response.StatusCode = StatusCodes.Status303SeeOther;
        response.Headers.Location = target.Below(response.HttpContext.Request.PathBase);
    }

    // Not no-referrer, as answers to programs have it: browsers then send 'null' as the origin of our own forms.
    private static void Prepare(HttpResponse response)
    {
        response.Headers.ContentSecurityPolicy = Policy;
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }

    private static PageFrame FrameOf(PageRequest request, Page page)
    {
        var session = PageVisitor.SessionOf(request.Context);
        return new PageFrame(
            request.Workspace.Paths.Root,
            Product.Version,
            AssetFiles.StyleSheet.Url,
            AssetFiles.Script.Url,
            AssetFiles.Icon.Url
        )
        {
            Visitor = request.Grant?.Name,
            Scope = request.Grant?.Scope.Name(),
            IsInside = request.IsInside,
            IsOfAll = page.IsOfAll,
            Base = request.Context.Request.PathBase.Value is { Length: > 0 } below ? below : null,
            Zone = Moments.ZoneOf(request.Zone, request.Now),
            SignOut = session is null
                ? Html.None
                : Html.Of(
                    $"""
                    <form class="inline" method="post" action="{PageUrl.To(
                        "/sign-out"
                    )}">{request.TokenField}<button class="link">Sign out</button></form>
                    """
                ),
        };
    }
}
