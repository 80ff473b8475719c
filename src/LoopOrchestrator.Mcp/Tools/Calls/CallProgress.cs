using ModelContextProtocol;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tools.Calls;

/// <summary>Tells a client that asked for it how far a call is that waits: some take a silent call for a dead one.</summary>
internal static class CallProgress
{
    /// <summary>How often it is told.</summary>
    public const int EverySeconds = 5;

    /// <summary>Tells it, before anything that follows is sent. Does nothing for a client that sent no token.</summary>
    /// <param name="context">The call.</param>
    /// <param name="seconds">How long it has waited; more each time.</param>
    /// <param name="total">How long it may wait.</param>
    /// <param name="message">What it waits for.</param>
    /// <param name="cancellationToken">Ends the wait for a client that does not read.</param>
    public static async Task ReportAsync(
        RequestContext<CallToolRequestParams> context,
        int seconds,
        int total,
        string message,
        CancellationToken cancellationToken
    )
    {
        if (context.Params?.ProgressToken is not { } token)
        {
            return;
        }

        await context.Server.NotifyProgressAsync(
            token,
            new ProgressNotificationValue
            {
                Progress = seconds,
                Total = total,
                Message = message,
            },
            cancellationToken: cancellationToken
        );
    }
}
