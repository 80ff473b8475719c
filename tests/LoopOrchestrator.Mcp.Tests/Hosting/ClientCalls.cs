using LoopOrchestrator.Testing.Processes;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

internal static class ClientCalls
{
    /// <summary>One whole round trip: what a server opens lazily is open afterwards.</summary>
    public static async Task<CallToolResult> PingStatusAsync(this McpClient client) =>
        await client
            .CallToolAsync("get_status", cancellationToken: TestContext.Current.CancellationToken)
            .AsTask()
            .WaitAsync(ServerProcess.HangGuard, TestContext.Current.CancellationToken);
}
