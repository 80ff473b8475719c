using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs;
using LoopOrchestrator.Mcp.Resources.Changes;
using LoopOrchestrator.Mcp.Served;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Says of clients that end their session, and of all of them when this process ends, that they are gone: so what they took for themselves
/// waits again in time.
/// </summary>
internal sealed partial class ClientLeases(Workspace workspace, ILogger<ClientLeases> logger) : IHostedService
{
    /// <summary>Serves a session over HTTP to its end: the client closed it, it was idle for too long, or this process ends.</summary>
    public static async Task RunSessionAsync(HttpContext http, McpServer server, CancellationToken cancellationToken)
    {
        // The request that began the session is over long before the session is.
        var leases = http.RequestServices.GetRequiredService<ClientLeases>();
        var sessions = http.RequestServices.GetRequiredService<HttpSessions>();
        var subscriptions = http.RequestServices.GetRequiredService<ResourceSubscriptions>();
        var served = http.RequestServices.GetService<ServedWorkspaces>();
        var session = server.SessionId;
        try
        {
            if (session is { Length: > 0 })
            {
                sessions.Begin(session, http.User);
                subscriptions.Begin(session, server);
            }

            await server.RunAsync(cancellationToken);
        }
        finally
        {
            if (session is { Length: > 0 })
            {
                sessions.End(session);
                subscriptions.End(session);

                // Side by side: one that is held up keeps what was taken in the others from nobody.
                await Task.WhenAll((served is null ? [leases] : OfAll(served)).Select(one => Task.Run(() => one.LeaveAsync(session))));
            }
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => SayAsync(() => workspace.Runs.LeaveAllAsync(cancellationToken));

    private static IEnumerable<ClientLeases> OfAll(ServedWorkspaces served) =>
        served
            .All.Select(static one => one.Services)
            .OfType<IServiceProvider>()
            .Select(static services => services.GetRequiredService<ClientLeases>());

    private Task LeaveAsync(string session) => SayAsync(() => workspace.Runs.LeaveAsync(RunCaller.OfSession(session)));

    private async Task SayAsync(Func<Task> say)
    {
        try
        {
            await say();
        }
        catch (Exception exception)
            when (exception is UserErrorException or OperationCanceledException or IOException or UnauthorizedAccessException)
        {
            // Whoever looks after the runs finds out by itself when the process has ended.
            Log.NotNoted(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.ClientEndNotRecorded, LogLevel.Warning, "Could not record that a client has ended: {Error}")]
        public static partial void NotNoted(ILogger logger, string error);
    }
}
