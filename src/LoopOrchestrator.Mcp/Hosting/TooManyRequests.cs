using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>Tells a caller that it asks too often, in the way in which it asked.</summary>
internal static class TooManyRequests
{
    // Of the numbers that JSON-RPC leaves to servers.
    private const int Code = -32000;

    public static Task AnswerAsync(HttpContext context, TimeSpan after, string who)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling(after.TotalSeconds));
        var message =
            $"Too many requests from {who}. Try again in {seconds} s. The limit is http.requestsPerMinute of the server's configuration "
            + "(LOOP_REQUESTS_PER_MINUTE).";
        var response = context.Response;
        response.StatusCode = StatusCodes.Status429TooManyRequests;
        response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        if (!RequestMessages.IsMessage(context.Request))
        {
            response.ContentType = "text/plain; charset=utf-8";
            return response.WriteAsync(message + "\n", context.RequestAborted);
        }

        // The body was not read, so nobody knows the request's id.
        var answer = new JsonObject
        {
            ["jsonrpc"] = "2.0",
            ["id"] = null,
            ["error"] = new JsonObject
            {
                ["code"] = Code,
                ["message"] = message,
                ["data"] = new JsonObject { ["retry_after_seconds"] = seconds },
            },
        };
        response.ContentType = "application/json; charset=utf-8";
        return response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }
}
