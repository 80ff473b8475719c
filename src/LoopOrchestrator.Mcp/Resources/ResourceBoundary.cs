using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Resources;

/// <summary>
/// The one place where a failure to read a resource becomes an error of the protocol. What the reader can mend is told; what is our fault
/// is logged whole and told in short.
/// </summary>
internal static partial class ResourceBoundary
{
    // The revision from which on a resource that is not there is an invalid parameter, and before which it had a code of its own. The SDK
    // sends the code that it is given, in either era.
    private const string FirstWithInvalidParams = "2026-07-28";

    public static McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> Guard(
        McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next
    ) => (context, cancellationToken) => ReadAsync(next, context, cancellationToken);

    /// <summary>The error that a resource is not there, as the era of the client has it.</summary>
    public static McpProtocolException Missing(McpServer server, string? uri, string message, Exception? reason = null)
    {
        var isNew = string.CompareOrdinal(server.NegotiatedProtocolVersion, FirstWithInvalidParams) >= 0;
        var error = new McpProtocolException(message, reason, isNew ? McpErrorCode.InvalidParams : McpErrorCode.ResourceNotFound);
        error.Data["uri"] = uri;
        return error;
    }

    private static async ValueTask<ReadResourceResult> ReadAsync(
        McpRequestHandler<ReadResourceRequestParams, ReadResourceResult> next,
        RequestContext<ReadResourceRequestParams> context,
        CancellationToken cancellationToken
    )
    {
        var uri = context.Params?.Uri;
        if (context.MatchedPrimitive is null)
        {
            throw Missing(
                context.Server,
                uri,
                $"There is no resource '{uri}'. resources/list and resources/templates/list say which there are."
            );
        }

        try
        {
            return await next(context, cancellationToken);
        }
        catch (MissingResourceException exception)
        {
            throw Missing(context.Server, uri, exception.Message, exception);
        }
        catch (UserErrorException exception)
        {
            throw new McpProtocolException(exception.Message, exception, McpErrorCode.InternalError);
        }
        catch (Exception exception) when (exception is not (OperationCanceledException or McpException or InputRequiredException))
        {
            var logging = (context.Services ?? context.Server.Services)?.GetService<ILoggerFactory>();
            if (logging is not null)
            {
                Log.Failed(logging.CreateLogger(typeof(ResourceBoundary)), uri ?? "", exception);
            }

            throw new McpProtocolException(
                $"The resource could not be read ({exception.GetType().Name}), and the server's log has the details.",
                exception,
                McpErrorCode.InternalError
            );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.ResourceFailed, LogLevel.Error, "The resource {Uri} could not be read")]
        public static partial void Failed(ILogger logger, string uri, Exception exception);
    }
}
