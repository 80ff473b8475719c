using System.Text.Json;
using System.Text.Json.Nodes;
using LoopOrchestrator.Core.Logs;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Answers requests that cannot be read: 4xx with a sentence, and one line in the log at the most. Behind it stands all that looks at
/// a request, so any other exception that comes out of it is a fault of ours and is logged whole.
/// </summary>
/// <param name="logger">Where faults of ours go.</param>
internal sealed partial class RequestFaults(ILogger logger)
{
    public async Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        var request = context.Request;
        var isMessage = RequestMessages.IsMessage(request);
        try
        {
            await next(context);
        }
        catch (BadHttpRequestException exception)
        {
            await RefuseAsync(context, exception.StatusCode, exception.Message);
        }
        catch (Exception exception) when (isMessage && !context.Response.HasStarted && IsUnreadable(exception))
        {
            await RefuseParametersAsync(context, (exception as JsonException)?.Path);
        }
        catch (Exception exception)
            when (exception is ConnectionResetException or ConnectionAbortedException or OperationCanceledException
                && context.RequestAborted.IsCancellationRequested
            )
        {
            // The client has gone; nobody reads an answer.
            context.Abort();
        }
        catch (Exception exception) when (!context.Response.HasStarted)
        {
            Log.Failed(logger, request.Method, request.Path, exception);
            await RefuseAsync(
                context,
                StatusCodes.Status500InternalServerError,
                "The server failed at this request; its log has the reason."
            );
        }
    }

    // Half a surrogate pair in a string is told by another exception, of which System.Text.Json itself would make a JsonException.
    private static bool IsUnreadable(Exception exception) =>
        exception is JsonException or InvalidOperationException { Source: "System.Text.Json.Rethrowable" };

    private static async Task RefuseParametersAsync(HttpContext context, string? place)
    {
        var answer = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = await FindIdAsync(context.Request),
            ["error"] = new JsonObject
            {
                ["code"] = (int)McpErrorCode.InvalidParams,
                ["message"] =
                    $"'params' of this request cannot be read (at {place ?? "$"}). See the protocol's schema for what the method takes.",
            },
        };
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        context.Response.ContentType = "application/json; charset=utf-8";
        await context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private static async Task<JsonNode?> FindIdAsync(HttpRequest request)
    {
        if (!request.Body.CanSeek)
        {
            return null;
        }

        try
        {
            request.Body.Position = 0;
            var message = await JsonNode.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return message is JsonObject parts && parts["id"] is JsonValue id ? id.DeepClone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static Task RefuseAsync(HttpContext context, int status, string message)
    {
        if (context.Response.HasStarted)
        {
            context.Abort();
            return Task.CompletedTask;
        }

        context.Response.Clear();
        SecurityHeaders.Apply(context.Response);
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(message + "\n", context.RequestAborted);
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.RequestFailed, LogLevel.Error, "The request {Method} {Path} failed")]
        public static partial void Failed(ILogger logger, string method, PathString path, Exception exception);
    }
}
