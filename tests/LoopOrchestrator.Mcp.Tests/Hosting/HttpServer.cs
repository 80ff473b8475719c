using LoopOrchestrator.Testing.Processes;
using LoopOrchestrator.Testing.Workspaces;

namespace LoopOrchestrator.Mcp.Tests.Hosting;

/// <summary>A server over HTTP on an empty workspace, for the tests of a class that only read from it.</summary>
public sealed class HttpServer : IAsyncLifetime
{
    private readonly TemporaryWorkspace _workspace = new();
    private ServerProcess? _process;

    public ServerProcess Process => _process ?? throw new InvalidOperationException("It is started before the first test.");

    public async ValueTask InitializeAsync() => _process = await ServerProcess.StartHttpAsync(_workspace.Root);

    public async ValueTask DisposeAsync()
    {
        await Process.DisposeAsync();
        _workspace.Dispose();
    }
}
