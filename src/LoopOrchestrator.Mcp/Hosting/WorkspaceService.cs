using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Errors;
using LoopOrchestrator.Core.Logs;
using LoopOrchestrator.Core.Runs.Contracts;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Served;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace LoopOrchestrator.Mcp.Hosting;

/// <summary>
/// Runs the workspace's loop beside the transport. It starts after the transport, which a client waits for, and its failure is told
/// in the log without ending the server: the tools go on working.
/// </summary>
internal sealed partial class WorkspaceService(Workspace workspace, ServerContext context, ILogger<WorkspaceService> logger)
    : IHostedService,
        IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        // A server that an agent of a run has started is that agent's way back to us, and dies with it; it fires nothing.
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(RunEnvironment.RunId)))
        {
            _loop = Task.Run(RunAsync, CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _loop.WaitAsync(cancellationToken);
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        if (context.ServedName is { } name)
        {
            ServedWorkspaces.WorkFor(name);
        }

        try
        {
            await workspace.RunLoopAsync(context.Mode == TransportMode.Stdio ? "stdio" : "http", _stopping.Token);
        }
        catch (Exception exception) when (exception is UserErrorException or IOException or UnauthorizedAccessException)
        {
            Log.LoopEnded(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogEvents.WorkspaceLoopEnded, LogLevel.Critical, "No schedule is fired by this process: {Reason}")]
        public static partial void LoopEnded(ILogger logger, string reason);
    }
}
