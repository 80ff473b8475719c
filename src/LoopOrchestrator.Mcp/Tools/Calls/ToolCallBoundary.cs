using System.Text.Json;
using LoopOrchestrator.Core.Diagnostics;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>
/// The one place where a failure of a tool becomes an answer. What the caller can mend is told so that a model can mend it;
/// what is our fault is logged whole and told in short. A call also ends when the server stops, on every transport.
/// </summary>
internal static partial class ToolCallBoundary
{
    private const int MaxNamed = 10;
    private const int MaxNameLength = 60;

    public static McpRequestHandler<CallToolRequestParams, CallToolResult> Guard(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next
    ) => (context, cancellationToken) => CallAsync(next, context, cancellationToken);

    private static async ValueTask<CallToolResult> CallAsync(
        McpRequestHandler<CallToolRequestParams, CallToolResult> next,
        RequestContext<CallToolRequestParams> context,
        CancellationToken cancellationToken
    )
    {
        var name = context.Params?.Name ?? string.Empty;
        if (context.MatchedPrimitive is not McpServerTool tool)
        {
            throw UnknownTool(name, context.Server.ServerOptions.ToolCollection);
        }

        if (context.Items.TryGetValue(ArgumentText.ProblemKey, out var problem) && problem is string unreadable)
        {
            return Error($"{name} was not called. {unreadable}");
        }

        var schema = tool.ProtocolTool.InputSchema;
        ArgumentConversion.Apply(schema, context.Params?.Arguments);
        var (problems, ignored) = ArgumentCheck.Compare(schema, context.Params?.Arguments);
        if (problems.Count > 0)
        {
            return Error($"{name} was not called. {string.Join(' ', problems)}");
        }

        // Nothing required is null here, and null means left out: the default counts, also where it is not null.
        var arguments = context.Params!.Arguments;
        foreach (
            var leftOut in arguments
                ?.Where(static argument => argument.Value.ValueKind == JsonValueKind.Null)
                .Select(static argument => argument.Key)
                .ToList()
                ?? []
        )
        {
            arguments!.Remove(leftOut);
        }

        var services = context.Services ?? throw new InvalidOperationException("A tool call came without services.");
        var stopping = services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        try
        {
            var answer = await AnswerAsync(tool, next, context, services, linked.Token);
            return ignored.Count == 0 ? answer : WithNote(answer, name, ignored);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && stopping.IsCancellationRequested)
        {
            return Error($"{name} was ended because the server is stopping. Call it again once the server runs.");
        }
        catch (UserErrorException exception)
        {
            return Error(exception.Message);
        }
        catch (JsonException exception)
        {
            // What the schema cannot say, such as the form of a date.
            return Error($"{name} was not called. An argument could not be read: {exception.Message}");
        }
        catch (Exception exception) when (IsOurs(exception))
        {
            Log.Failed(services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(ToolCallBoundary)), name, exception);
            return Error(
                $"{name} failed inside the server ({exception.GetType().Name}), and the server's log has the details. "
                    + "Whether it took effect is not known: look (get_status) before you call it again."
            );
        }
    }

    private static async ValueTask<CallToolResult> AnswerAsync(
        McpServerTool tool,
        McpRequestHandler<CallToolRequestParams, CallToolResult> next,
        RequestContext<CallToolRequestParams> context,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var (name, arguments) = (tool.ProtocolTool.Name, context.Params!.Arguments);
        var basis = await KnownAnswers.BasisAsync(name, services, cancellationToken);
        if (basis is not null && KnownAnswers.Find(basis, name, arguments) is { } known)
        {
            return known;
        }

        var answer = ReadableAnswer.Of(AnswerLimits.Apply(tool.ProtocolTool, await next(context, cancellationToken)));
        if (basis is not null)
        {
            KnownAnswers.Keep(basis, name, arguments, answer);
        }

        return answer;
    }

    /// <summary>Cancellation, protocol errors and questions to the user are the SDK's to carry.</summary>
    private static bool IsOurs(Exception exception) =>
        exception is not (OperationCanceledException or McpException or InputRequiredException);

    private static McpProtocolException UnknownTool(string name, McpServerPrimitiveCollection<McpServerTool>? tools)
    {
        var names = tools?.PrimitiveNames.Order(StringComparer.Ordinal).ToList() ?? [];
        var nearest = NearestName.Find(name, names);
        var hint = nearest is null ? $"The tools are: {string.Join(", ", names)}." : $"Did you mean '{nearest}'?";
        return new McpProtocolException($"Unknown tool: '{name}'. {hint}", McpErrorCode.InvalidParams);
    }

    // Some clients add a field of their own to every call. A model that meant something by it has to know that it counted for nothing.
    private static CallToolResult WithNote(CallToolResult answer, string tool, IReadOnlyList<string> ignored)
    {
        var names = string.Join(", ", ignored.Take(MaxNamed).Select(static name => $"'{AnswerLimits.Cut(name, MaxNameLength)}'"));
        var rest = ignored.Count > MaxNamed ? ", ..." : ".";
        answer.Content = [.. answer.Content, new TextContentBlock { Text = $"Ignored, for {tool} has no such argument: {names}{rest}" }];
        return answer;
    }

    private static CallToolResult Error(string message) =>
        new() { IsError = true, Content = [new TextContentBlock { Text = AnswerLimits.Cut(message, AnswerLimits.MaxErrorLength) }] };

    private static partial class Log
    {
        [LoggerMessage(LogEvents.ToolFailed, LogLevel.Error, "The tool {Tool} failed")]
        public static partial void Failed(ILogger logger, string tool, Exception exception);
    }
}
