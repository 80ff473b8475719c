using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Access;

/// <summary>What a request of a browser carries of its session.</summary>
internal static class PageVisitor
{
    private const string PlainCookie = "loop-session";

    // By its name browsers take it from this host alone, for all paths, and over TLS only.
    private const string SecureCookie = "__Host-loop-session";

    private static readonly object Key = new();

    /// <summary>The word in its cookie; <see langword="null"/> for none.</summary>
    public static string? WordOf(HttpRequest request) => request.Cookies[NameFor(request)];

    /// <summary>The session in which a request was let in; <see langword="null"/> where it was let in by something else.</summary>
    public static PageSession? SessionOf(HttpContext context) =>
        context.Items.TryGetValue(Key, out var session) ? session as PageSession : null;

    /// <summary>Notes in which session a request was let in.</summary>
    public static void LetIn(HttpContext context, PageSession session)
    {
        context.Items[Key] = session;
        context.User = session.Grant.User;
    }

    /// <summary>Gives the cookie, which no script can read and no other site sends.</summary>
    public static void Give(HttpContext context, string word) =>
        context.Response.Cookies.Append(NameFor(context.Request), word, Options(context.Request));

    /// <summary>Takes the cookie back.</summary>
    public static void TakeBack(HttpContext context) => context.Response.Cookies.Delete(NameFor(context.Request), Options(context.Request));

    // Browsers send a cookie to every port of a host, and each port may be the server of another workspace.
    private static string NameFor(HttpRequest request) =>
        string.Create(CultureInfo.InvariantCulture, $"{(request.IsHttps ? SecureCookie : PlainCookie)}-{request.Host.Port ?? 0}");

    private static CookieOptions Options(HttpRequest request) =>
        new()
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Strict,
            Secure = request.IsHttps,
            Path = "/",
        };
}
