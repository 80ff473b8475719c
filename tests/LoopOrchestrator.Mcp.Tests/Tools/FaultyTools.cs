using System.ComponentModel;
using LoopOrchestrator.Core.Errors;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol.Server;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>Tools that fail in each way there is. They exist in this test only.</summary>
[McpServerToolType]
internal sealed class FaultyTools(IHostApplicationLifetime lifetime)
{
    public const string Secret = "password=hunter2";

    [McpServerTool(Name = "fail_for_user"), Description("Fails so that the caller can mend it.")]
    public static string FailForUser(string what) => throw new UserErrorException($"There is no '{what}'. Call list_modes.");

    [McpServerTool(Name = "break_down"), Description("Fails by a fault.")]
    public static string BreakDown() => throw new InvalidOperationException(Secret);

    [McpServerTool(Name = "outlive_server"), Description("Ends only with the server.")]
    public async Task<string> OutliveServerAsync(CancellationToken cancellationToken)
    {
        lifetime.StopApplication();
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return "never";
    }
}
