using System.Text;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Runs.Contracts;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Pages.Runs;

/// <summary>All that the attempts of a run have printed so far, as a file of plain text, which a browser keeps and does not show.</summary>
internal static class RunOutputDownload
{
    private const int PartBytes = 64 * 1024;

    public static async Task ServeAsync(HttpContext context)
    {
        var runs = context.RequestServices.GetRequiredService<Workspace>().Runs;
        var response = context.Response;
        Run run;
        try
        {
            run = await runs.GetAsync(context.Request.RouteValues["id"] as string ?? "", context.RequestAborted);
        }
        catch (UserErrorException)
        {
            response.StatusCode = StatusCodes.Status404NotFound;
            return;
        }

        response.ContentType = "text/plain; charset=utf-8";
        response.Headers.ContentDisposition = $"attachment; filename=\"{run.Id}.log\"";
        response.Headers.ContentSecurityPolicy = "default-src 'none'; sandbox";
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers.CacheControl = "no-store";

        // Of a run that goes on, what is there now: whoever wants to follow it looks at its page.
        for (var position = OutputPosition.Start; ;)
        {
            var part = runs.Output(run, position, PartBytes);
            if (part.Text.Length == 0)
            {
                return;
            }

            await response.WriteAsync(part.Text, Encoding.UTF8, context.RequestAborted);
            if (part.IsLast)
            {
                return;
            }

            position = part.Next;
        }
    }
}
