using System.Text.Json;
using System.Text.Json.Nodes;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Parameters of a request that are not what the protocol says for its method are the caller's mistake: invalid parameters, with the place.
/// The SDK takes them for a failure of the server's, answers "an error occurred" and logs a trace.
/// </summary>
internal static class RequestParameters
{
    private const string Arguments = "arguments";

    /// <summary>Stands before all that reads parameters. What tools, resources and prompts throw has boundaries of its own.</summary>
    public static McpMessageHandler Guard(McpMessageHandler next) =>
        async (context, cancellationToken) =>
        {
            if (context.JsonRpcMessage is not JsonRpcRequest request)
            {
                await next(context, cancellationToken);
                return;
            }

            if (HasMemberTwice(request.Params))
            {
                throw Invalid(request, "a member stands in them twice.", reason: null);
            }

            try
            {
                await next(context, cancellationToken);
            }
            catch (JsonException exception)
            {
                // "$" stands for the parameters, which have no place of their own.
                var problem = exception.Path is { Length: > 2 } path
                    ? $"'{path[2..]}' is not what the protocol says for it."
                    : "a member that is required is missing, or they are no object.";
                throw Invalid(request, problem, exception);
            }
        };

    // An object is read when it is first asked for something, and then throws.
    private static bool HasMemberTwice(JsonNode? parameters)
    {
        try
        {
            _ = ((parameters as JsonObject)?[Arguments] as JsonObject)?.Count;
            return false;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (InvalidOperationException)
        {
            // Half a character in a name, of which a tool's answer tells.
            return false;
        }
    }

    private static McpProtocolException Invalid(JsonRpcRequest request, string problem, Exception? reason) =>
        new($"The parameters of {request.Method} cannot be read: {problem}", reason, McpErrorCode.InvalidParams);
}
