using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace LoopOrchestrator.Mcp.Tests.Conformance.Fixtures;

/// <summary>
/// A server with all that the product has between its socket and its tools, and beside these the tools, prompts and resources that the
/// suite asks for. It is in the process of the tests.
/// </summary>
public sealed class SuiteServer : IAsyncLifetime
{
    private readonly TemporaryWorkspace _workspace = new();
    private WebApplication? _app;

    /// <summary>Where it is asked.</summary>
    public Uri Endpoint => new(HttpHost.AddressOf(_app!) + "/mcp");

    /// <inheritdoc/>
    public async ValueTask InitializeAsync()
    {
        var options = new ServerOptionsResolver(static _ => null, _workspace.Root, home: string.Empty)
            .Resolve(new CommandLineValues { Mode = "http", Port = "0" })
            .Options;
        _app = HttpHost.Create(
            new ServerContext(
                options,
                TransportMode.Http,
                _workspace.Paths,
                TrustDecision.From(options.TrustWorkspace, recorded: null),
                []
            ),
            static more =>
                more.WithTools<SuiteTools>().WithTools<SuiteInputTools>().WithPrompts<SuitePrompts>().WithResources<SuiteResources>()
        );
        await _app.StartAsync(TestContext.Current.CancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _app!.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _workspace.Dispose();
    }
}
