using Microsoft.Extensions.Hosting;

namespace LoopOrchestrator.Mcp.Hosting.Several;

/// <summary>The life of a host within a host: signals and the console are the outer one's.</summary>
internal sealed class InnerLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
