using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Pages.Access;
using LoopOrchestrator.Mcp.Pages.Layout;
using LoopOrchestrator.Mcp.Tools.Calls;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace LoopOrchestrator.Mcp.Pages.Serving;

/// <summary>Puts pages and what their forms do behind addresses. What all of them need is looked at here, and nowhere else.</summary>
internal static class PageRoutes
{
    private const int MaxFormBytes = 512 * 1024;
    private const int MaxFields = 100;

    private static readonly string[] Reading = [HttpMethods.Get, HttpMethods.Head];

    /// <summary>A page. What Core says there is not is answered with 404 and its sentence.</summary>
    /// <param name="endpoints">Where it is put.</param>
    /// <param name="path">Its path.</param>
    /// <param name="show">Reads what it shows.</param>
    /// <param name="isInside">Whether it is shown only to who is let in.</param>
    public static void MapPage(
        this IEndpointRouteBuilder endpoints,
        string path,
        Func<PageRequest, Task<Page>> show,
        bool isInside = true
    ) =>
        endpoints.MapMethods(
            path,
            Reading,
            (RequestDelegate)(context => ShowAsync(new PageRequest(context) { IsInside = isInside }, show))
        );

    /// <summary>What a form does. It counts only from a page of ours and from somebody whose token lets them call the same tool.</summary>
    /// <param name="endpoints">Where it is put.</param>
    /// <param name="path">Where the form is sent.</param>
    /// <param name="tool">The tool that does the same; <see langword="null"/> for signing in and out, which anybody may.</param>
    /// <param name="act">Does it.</param>
    public static void MapAction(this IEndpointRouteBuilder endpoints, string path, string? tool, Func<PageForm, Task<PageAnswer>> act) =>
        endpoints.MapPost(
            path,
            (RequestDelegate)(context => ActAsync(new PageRequest(context) { IsInside = tool is not null }, tool, act))
        );

    private static async Task ShowAsync(PageRequest request, Func<PageRequest, Task<Page>> show)
    {
        PageUrl.StandBelow(request.Context.Request.PathBase);
        var began = request.Time.GetTimestamp();
        Page page;
        try
        {
            page = await show(request);
        }
        catch (UserErrorException exception)
        {
            page = Notices.Of("Not found", exception.Message, StatusCodes.Status404NotFound);
        }

        await PageWriter.WriteAsync(request, page, began);
    }

    private static async Task ActAsync(PageRequest request, string? tool, Func<PageForm, Task<PageAnswer>> act)
    {
        PageUrl.StandBelow(request.Context.Request.PathBase);
        var began = request.Time.GetTimestamp();
        var page = await FindRefusalAsync(request, tool);
        if (page is null)
        {
            var form = new PageForm(request, await request.Context.Request.ReadFormAsync(request.Aborted));
            var outcome = "failed";
            PageAnswer? answer = null;
            try
            {
                answer = await act(form);
                outcome = answer.Page is null ? "ok" : "error";
                if (answer.Target is { } target)
                {
                    PageWriter.GoTo(request.Context.Response, target);
                    return;
                }

                page = answer.Page!;
            }
            catch (UserErrorException exception)
            {
                outcome = "error";
                page = Notices.Of("Not done", exception.Message, StatusCodes.Status409Conflict);
            }
            finally
            {
                if (tool is not null)
                {
                    PageAudit.Add(form, answer, outcome, request.Time.GetElapsedTime(began));
                }
            }
        }

        await PageWriter.WriteAsync(request, page, began);
    }

    private static async Task<Page?> FindRefusalAsync(PageRequest request, string? tool)
    {
        var context = request.Context;
        if (!context.Request.HasFormContentType || context.Request.ContentLength is not <= MaxFormBytes)
        {
            return Notices.Of(
                "Not done",
                $"This address takes a form of at most {MaxFormBytes / 1024} KiB, as its page sends it.",
                StatusCodes.Status400BadRequest
            );
        }

        context.Features.Set<IFormFeature>(
            new FormFeature(
                context.Request,
                new FormOptions
                {
                    ValueCountLimit = MaxFields,
                    ValueLengthLimit = MaxFormBytes,
                    KeyLengthLimit = 200,
                    BufferBodyLengthLimit = MaxFormBytes,
                    MemoryBufferThreshold = MaxFormBytes,
                    MultipartBodyLengthLimit = MaxFormBytes,
                }
            )
        );
        IFormCollection fields;
        try
        {
            fields = await context.Request.ReadFormAsync(request.Aborted);
        }
        catch (InvalidDataException exception)
        {
            return Notices.Of("Not done", $"The form cannot be read: {exception.Message}", StatusCodes.Status400BadRequest);
        }

        if (FormToken.FindFault(context, fields[FormToken.Field]) is { } fault)
        {
            return Notices.Of("Not done", $"{fault} Open the page again and repeat it there.", StatusCodes.Status403Forbidden);
        }

        return tool is null || request.May(tool) ? null : Refuse(request.Grant!, tool);
    }

    private static Page Refuse(AccessGrant grant, string tool)
    {
        var scope = ToolScopes.Needed(tool);
        return Notices.Of(
            "You may not do this",
            grant.IssuerScopes is { } words
                ? $"It needs an access token with the scope {words[(int)scope]}, and yours has {words[(int)grant.Scope]}. Sign out, and in "
                    + "again with one that has it."
                : $"It needs a token with the scope {scope.Name()}, and '{grant.Name}' has {grant.Scope.Name()}. A person makes one where "
                    + $"the server runs: loop-orchestrator token create NAME --scope {scope.Name()}. Sign out, and in again with that.",
            StatusCodes.Status403Forbidden
        );
    }
}
