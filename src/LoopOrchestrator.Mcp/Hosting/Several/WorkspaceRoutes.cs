using LoopOrchestrator.Mcp.Health;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Pages.Overview;
using LoopOrchestrator.Mcp.Pages.Serving;
using LoopOrchestrator.Mcp.Served;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Hosting.Several;

/// <summary>
/// The pages of each workspace below an address of its own, <c>/w/NAME/</c>: what stands behind that is the address that the page has in a
/// server of one workspace.
/// </summary>
/// <param name="served">The workspaces.</param>
internal sealed class WorkspaceRoutes(ServedWorkspaces served)
{
    private static readonly object Key = new();

    /// <summary>
    /// Takes the beginning off an address before anybody looks at it, so that whoever lets requests in judges the page that is meant.
    /// </summary>
    public Task RebaseAsync(HttpContext context, RequestDelegate next)
    {
        if (
            context.Request.Path.StartsWithSegments(PagePaths.Workspaces, StringComparison.Ordinal, out var rest)
            && rest.Value is ['/', .. var named]
        )
        {
            var end = named.IndexOf('/', StringComparison.Ordinal);
            var name = end < 0 ? named : named[..end];
            if (served.OfName(name) is { } one)
            {
                context.Items[Key] = one;
                context.Request.PathBase = $"{PagePaths.Workspaces}/{one.Name}";
                context.Request.Path = end < 0 ? "/" : named[end..];
            }
        }

        return next(context);
    }

    /// <summary>Behind whoever lets requests in: gives a page the services of its workspace.</summary>
    public async Task EnterAsync(HttpContext context, RequestDelegate next)
    {
        var path = context.Request.Path;
        if (context.Items.TryGetValue(Key, out var item) && item is ServedWorkspace one)
        {
            if (!PagePaths.Owns(path) && !path.Equals(HealthEndpoints.ReadyPath, StringComparison.Ordinal))
            {
                await AnswerAsync(
                    context,
                    StatusCodes.Status404NotFound,
                    "There is no such page of a workspace. MCP is at /mcp for all of them: tools take the argument 'workspace'."
                );
                return;
            }

            await served.Tried.WaitAsync(context.RequestAborted);
            if (one.Services is { } services)
            {
                context.RequestServices = services;
            }
            else if (!PagePaths.IsForEverybody(path))
            {
                served.AskAgain();
                await AnswerAsync(
                    context,
                    StatusCodes.Status503ServiceUnavailable,
                    $"The workspace '{one.Name}' ({one.Folder}) is not served now: {one.Problem}"
                );
                return;
            }

            ServedWorkspaces.WorkFor(one.Name);
            await next(context);
        }
        else if (path.StartsWithSegments(PagePaths.Workspaces, StringComparison.Ordinal))
        {
            await AnswerAsync(
                context,
                StatusCodes.Status404NotFound,
                $"No workspace of this server has that name. It serves: {string.Join(", ", served.All.Select(static one => one.Name))}."
            );
        }
        else if (path.Equals("/", StringComparison.Ordinal) && IsReading(context.Request.Method))
        {
            await OverviewPage.ServeAsync(context, served);
        }
        else if (PagePaths.IsOfOneWorkspace(path))
        {
            // As it was called while the server had one.
            PageWriter.GoTo(
                context.Response,
                PageUrl.Parse($"{PagePaths.Workspaces}/{served.Default.Name}{path}{context.Request.QueryString}") ?? PageUrl.Start
            );
        }
        else
        {
            await next(context);
        }
    }

    private static bool IsReading(string method) => HttpMethods.IsGet(method) || HttpMethods.IsHead(method);

    private static Task AnswerAsync(HttpContext context, int status, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text + "\n", context.RequestAborted);
    }
}
