using System.Text.Json.Nodes;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// Checks a call's arguments before the SDK reads them: what it cannot read it answers with "an error occurred". Such arguments
/// are taken out here, and <see cref="ToolCallBoundary"/> refuses the call with what was wrong.
/// </summary>
internal static class ArgumentText
{
    /// <summary>Where the message keeps what is wrong with its arguments.</summary>
    public const string ProblemKey = "loop-orchestrator/arguments";

    private const string HalfCharacter = "contains half of a character (a lone surrogate); send whole characters.";

    public static McpMessageHandler Guard(McpMessageHandler next) =>
        (context, cancellationToken) =>
        {
            if (
                context.JsonRpcMessage is JsonRpcRequest { Method: RequestMethods.ToolsCall, Params: JsonObject parameters }
                && FindProblem(parameters) is { } problem
            )
            {
                parameters["arguments"] = new JsonObject();
                context.Items[ProblemKey] = problem;
            }

            return next(context, cancellationToken);
        };

    private static string? FindProblem(JsonObject parameters)
    {
        var name = "";
        try
        {
            if (!parameters.TryGetPropertyValue("arguments", out var node) || node is null)
            {
                return null;
            }

            if (node is not JsonObject arguments)
            {
                return "'arguments' must be an object with a member for each argument, and is "
                    + $"{(node is JsonArray ? "a list" : "a single value")}.";
            }

            foreach (var (argument, value) in arguments)
            {
                name = argument;
                _ = value?.ToJsonString();
            }

            return null;
        }
        catch (InvalidOperationException)
        {
            return name.Length == 0 ? $"The name of an argument {HalfCharacter}" : $"The argument '{name}' {HalfCharacter}";
        }
    }
}
