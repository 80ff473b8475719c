using LoopOrchestrator.Benchmarks.Processes;

namespace LoopOrchestrator.Benchmarks.Calls;

/// <summary>Clients and servers that end together.</summary>
internal sealed class OpenCallers : IAsyncDisposable
{
    /// <summary>The clients.</summary>
    public List<Caller> Callers { get; } = [];

    /// <summary>The servers that they share.</summary>
    public List<HttpServer> Servers { get; } = [];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        Callers.ForEach(static caller => caller.Dispose());
        foreach (var server in Servers)
        {
            await server.DisposeAsync();
        }
    }
}
