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
    private static readonly string[] ComparedWithHeaders = ["name", "uri", "taskId"];

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
            await RefuseParametersAsync(
                context,
                exception is ArgumentException ? "a member stands in it twice" : $"at {(exception as JsonException)?.Path ?? "$"}"
            );
        }
        catch (InvalidOperationException) when (isMessage && !context.Response.HasStarted && FindWrongText(request) is { } name)
        {
            await RefuseParametersAsync(context, $"'{name}' is no text");
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

    // Half a surrogate pair in a string is told by another exception, of which System.Text.Json itself would make a JsonException; and a
    // member that is there twice by a third one, when the object is first asked for something.
    private static bool IsUnreadable(Exception exception) =>
        exception
            is JsonException
                or InvalidOperationException { Source: "System.Text.Json.Rethrowable" }
                or ArgumentException { ParamName: "key" };

    // What the SDK compares with a header as text, whatever it is.
    private static string? FindWrongText(HttpRequest request)
    {
        if (request.Body is not MemoryStream body)
        {
            return null;
        }

        try
        {
            using var message = JsonDocument.Parse(body.ToArray());
            return
                message.RootElement is { ValueKind: JsonValueKind.Object } root
                && root.TryGetProperty("params", out var parameters)
                && parameters.ValueKind == JsonValueKind.Object
                ? ComparedWithHeaders.FirstOrDefault(name =>
                    parameters.TryGetProperty(name, out var value) && value.ValueKind is not (JsonValueKind.String or JsonValueKind.Null)
                )
                : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static async Task RefuseParametersAsync(HttpContext context, string problem)
    {
        var answer = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = await FindIdAsync(context.Request),
            ["error"] = new JsonObject
            {
                ["code"] = (int)McpErrorCode.InvalidParams,
                ["message"] = $"'params' of this request cannot be read ({problem}). See the protocol's schema for what the method takes.",
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
            using var message = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return
                message.RootElement is { ValueKind: JsonValueKind.Object } parts
                && parts.TryGetProperty("id", out var id)
                && id.ValueKind is JsonValueKind.String or JsonValueKind.Number
                ? JsonNode.Parse(id.GetRawText())
                : null;
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
