using LoopOrchestrator.Mcp.Pages.Layout;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>
/// Which paths are pages. Only there does the cookie of a session count: every other path is asked by programs, which show their token with
/// each request.
/// </summary>
internal static class PagePaths
{
    public const string SignIn = "/sign-in";
    public const string SignOut = "/sign-out";
    public const string Events = "/events";
    public const string Assets = "/assets";

    /// <summary>Below it, in a server of several workspaces, the pages of each stand behind its name.</summary>
    public const string Workspaces = "/w";

    /// <summary>Below it stands what is done on the first page, whose own path has nothing below it.</summary>
    public const string Now = "/now";

    /// <summary>Whether a path is one of the pages or of what belongs to them.</summary>
    public static bool Owns(PathString path) =>
        IsForEverybody(path)
        || path.Equals("/", StringComparison.Ordinal)
        || path.Equals(SignOut, StringComparison.Ordinal)
        || path.Equals(Events, StringComparison.Ordinal)
        || path.StartsWithSegments(Workspaces, StringComparison.Ordinal)
        || path.StartsWithSegments(Now, StringComparison.Ordinal)
        || Navigation.Items.Any(item => item.Path.Length > 1 && IsBelow(path, item.Path));

    /// <summary>Whether nobody needs a token for it: where one signs in, and what that page is drawn with.</summary>
    public static bool IsForEverybody(PathString path) =>
        path.Equals(SignIn, StringComparison.Ordinal) || path.StartsWithSegments(Assets, StringComparison.Ordinal);

    /// <summary>Whether a path is of a page that there is one of for each workspace.</summary>
    public static bool IsOfOneWorkspace(PathString path) =>
        path.StartsWithSegments(Now, StringComparison.Ordinal)
        || Navigation.Items.Any(item => item.Path.Length > 1 && IsBelow(path, item.Path));

    /// <summary>Whether a browser asks that shows the answer to a person.</summary>
    public static bool IsOfAPerson(HttpRequest request) =>
        (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method))
        && !request.Path.Equals(Events, StringComparison.Ordinal)
        && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>Has a person sign in, and come back then.</summary>
    public static Task SendToSignInAsync(HttpContext context)
    {
        var wanted = context.Request.Path + context.Request.QueryString.ToUriComponent();
        PageWriter.GoTo(context.Response, PageUrl.To(SignIn, ("next", PageUrl.Parse(wanted) is { } next ? next.ToString() : null)));
        return Task.CompletedTask;
    }

    // Monitors ask /health/live and /health/ready, which are no pages.
    private static bool IsBelow(PathString path, string root) =>
        path.Equals(root, StringComparison.Ordinal)
        || (path.StartsWithSegments(root, StringComparison.Ordinal) && !path.StartsWithSegments("/health", StringComparison.Ordinal));
}
