using LoopOrchestrator.Mcp.Hosting.Sessions;
using LoopOrchestrator.Mcp.Hosting.Streams;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Looks at messages before the SDK does: at their type, and whether they are JSON at all. It stands behind <see cref="RequestGate"/>,
/// because it reads what the sender wrote, and inside of <see cref="RequestFaults"/>, because a sender may stop in the middle.
/// </summary>
internal static class RequestMessages
{
    // What is longer goes to the SDK as it comes, and is looked at on its way: nobody holds two copies of it.
    private const int MaxLookedAt = 64 * 1024;
    private const int PartSize = 4 * 1024;

    /// <summary>Whether a request is to carry a message of MCP.</summary>
    public static bool IsMessage(HttpRequest request) => HttpMethods.IsPost(request.Method) && McpRoute.Leads(request);

    public static async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        if (!IsMessage(request))
        {
            await next(context);
            return;
        }

        if (!IsJson(request.ContentType))
        {
            await AnswerAsync(
                context,
                StatusCodes.Status415UnsupportedMediaType,
                "text/plain; charset=utf-8",
                "Send the message as 'Content-Type: application/json', in UTF-8.\n"
            );
            return;
        }

        if (request.ContentLength > MaxLookedAt)
        {
            request.Body = new CheckedBody(request.Body);
        }
        else if (await FindSyntaxErrorAsync(request) is { } error)
        {
            await RefuseAsync(context, error);
            return;
        }

        try
        {
            await next(context);
        }
        catch (NotJsonException exception) when (!context.Response.HasStarted)
        {
            await RefuseAsync(context, JsonRpcLine.SyntaxErrorOfBody(exception.Position, exception.IsEmpty));
        }
    }

    // The SDK takes what is no JSON for a message that is not valid, which is another error of JSON-RPC; and it loses the id of a first
    // message that is wrong, which RequestFaults finds again in a body that can be read twice.
    private static async Task<string?> FindSyntaxErrorAsync(HttpRequest request)
    {
        var whole = request.Body;
        var head = new MemoryStream();
        var part = new byte[PartSize];
        while (await whole.ReadAsync(part, request.HttpContext.RequestAborted) is > 0 and var read)
        {
            head.Write(part, 0, read);
            if (head.Length > MaxLookedAt)
            {
                request.Body = new CheckedBody(new PrefixedStream(head.ToArray(), whole));
                return null;
            }
        }

        head.Position = 0;
        request.Body = head;
        return JsonRpcLine.SyntaxErrorOfBody(head.GetBuffer().AsSpan(0, (int)head.Length));
    }

    private static bool IsJson(string? contentType) =>
        MediaTypeHeaderValue.TryParse(contentType, out var type)
        && type.MediaType.Equals("application/json", StringComparison.OrdinalIgnoreCase)
        && (
            !type.Charset.HasValue
            || HeaderUtilities.RemoveQuotes(type.Charset) is var charset
                && (
                    charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase)
                    || charset.Equals("utf8", StringComparison.OrdinalIgnoreCase)
                )
        );

    private static Task RefuseAsync(HttpContext context, string error) =>
        AnswerAsync(context, StatusCodes.Status400BadRequest, "application/json; charset=utf-8", error);

    private static Task AnswerAsync(HttpContext context, int status, string type, string text)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(text, context.RequestAborted);
    }
}
