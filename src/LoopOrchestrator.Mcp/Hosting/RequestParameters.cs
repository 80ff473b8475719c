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
    private const string Items = "[]";
    private const string HalfCharacter = "a text in them contains half of a character (a lone surrogate).";
    private const string Twice = "a member stands in them twice.";

    // What no request of a method is without. The SDK takes a null for a value, and fails in the middle.
    private static readonly Dictionary<string, string[]> NeverNull = new(StringComparer.Ordinal)
    {
        [RequestMethods.ToolsCall] = ["name"],
        [RequestMethods.PromptsGet] = ["name"],
        [RequestMethods.ResourcesRead] = ["uri"],
        [RequestMethods.ResourcesSubscribe] = ["uri"],
        [RequestMethods.ResourcesUnsubscribe] = ["uri"],
        [RequestMethods.CompletionComplete] = ["ref", "argument", "argument.name"],
        [RequestMethods.SubscriptionsListen] = ["notifications", "notifications.resourceSubscriptions[]"],
    };

    /// <summary>Stands before all that reads parameters. What tools, resources and prompts throw has boundaries of its own.</summary>
    public static McpMessageHandler Guard(McpMessageHandler next) =>
        async (context, cancellationToken) =>
        {
            if (context.JsonRpcMessage is not JsonRpcRequest request)
            {
                await next(context, cancellationToken);
                return;
            }

            if (FindProblem(request) is { } found)
            {
                throw Invalid(request, found, reason: null);
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

    private static string? FindProblem(JsonRpcRequest request)
    {
        var parameters = request.Params as JsonObject;
        var ofTool = request.Method == RequestMethods.ToolsCall;
        try
        {
            // An object is read when it is first asked for something, and a text when it is written; only then they throw.
            foreach (var (name, value) in parameters ?? [])
            {
                _ = ofTool && name == Arguments ? null : value?.ToJsonString();
            }

            if (
                NeverNull.TryGetValue(request.Method, out var names)
                && names.Select(name => FindNull(parameters, name)).FirstOrDefault(static one => one is not null) is { } found
            )
            {
                return found;
            }
        }
        catch (ArgumentException)
        {
            return Twice;
        }
        catch (InvalidOperationException)
        {
            return HalfCharacter;
        }

        try
        {
            _ = (parameters?[Arguments] as JsonObject)?.Count;
            return null;
        }
        catch (ArgumentException)
        {
            return Twice;
        }
        catch (InvalidOperationException)
        {
            // Half a character in the name of an argument, of which a tool's answer tells.
            return null;
        }
    }

    // What is missing is the SDK's to say. A list may be null as a whole, which is as good as left out.
    private static string? FindNull(JsonObject? parameters, string path)
    {
        JsonNode? node = parameters;
        var ofItems = path.EndsWith(Items, StringComparison.Ordinal);
        foreach (var name in path.Replace(Items, "", StringComparison.Ordinal).Split('.'))
        {
            if (node is not JsonObject parent || !parent.TryGetPropertyValue(name, out node))
            {
                return null;
            }
        }

        return ofItems
            ? (node as JsonArray)?.Any(static item => item is null) is true
                ? $"'{path}' holds a null."
                : null
            : node is null
                ? $"'{path}' is null."
                : null;
    }

    private static McpProtocolException Invalid(JsonRpcRequest request, string problem, Exception? reason) =>
        new($"The parameters of {request.Method} cannot be read: {problem}", reason, McpErrorCode.InvalidParams);
}
