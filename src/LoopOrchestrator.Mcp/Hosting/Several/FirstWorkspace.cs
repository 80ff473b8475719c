using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Mcp.Served;
using Microsoft.Extensions.DependencyInjection;
using ModelContextProtocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Hosting.Several;

/// <summary>
/// Resources, prompts and completions have no argument for a workspace: in a server of several they are those of the first, and of no other
/// while that one cannot be served.
/// </summary>
internal static class FirstWorkspace
{
    /// <summary>Has all such requests answered by the first workspace.</summary>
    public static void AddOfTheFirst(this IMcpRequestFilterBuilder filters)
    {
        filters.AddReadResourceFilter(Guard);
        filters.AddListPromptsFilter(Guard);
        filters.AddGetPromptFilter(Guard);
        filters.AddCompleteFilter(Guard);
    }

    private static McpRequestHandler<TParameters, TResult> Guard<TParameters, TResult>(McpRequestHandler<TParameters, TResult> next) =>
        async (context, cancellationToken) =>
        {
            await EnterAsync(context, cancellationToken);
            return await next(context, cancellationToken);
        };

    private static async ValueTask EnterAsync(MessageContext context, CancellationToken cancellationToken)
    {
        if (context.Services?.GetService<ServedWorkspaces>() is not { } served)
        {
            return;
        }

        try
        {
            await served.Tried.WaitAsync(cancellationToken);
            context.Services = served.Choose(text: null).Services;
        }
        catch (UserErrorException exception)
        {
            throw new McpProtocolException(exception.Message, exception, McpErrorCode.InvalidRequest);
        }
    }
}
