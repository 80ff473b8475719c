using System.IO.Pipelines;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>What the program serves over stdio, in the process of the test, with a clock, options and a client of the test's own.</summary>
internal sealed class PipedServer : IAsyncDisposable
{
    private readonly IHost _host;

    private PipedServer(IHost host, McpClient client)
    {
        _host = host;
        Client = client;
    }

    public McpClient Client { get; }

    public static async Task<PipedServer> StartAsync(string root, TimeProvider time, CommandLineValues values, McpClientOptions client)
    {
        var (toServer, toClient) = (new Pipe(), new Pipe());
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.Services.AddSingleton(time);
        var options = new ServerOptionsResolver(static _ => null, root, home: string.Empty).Resolve(values).Options;
        var paths = new WorkspacePaths(root);
        builder
            .Services.AddLoopOrchestratorMcp(
                new ServerContext(options, TransportMode.Stdio, paths, TrustDecision.From(options.TrustWorkspace, recorded: null), [])
            )
            .WithStreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream());
        if (values.TrustWorkspace)
        {
            // Supervisors are the program under test.
            builder.Services.AddSingleton(provider => new Workspace(
                paths,
                WorkspaceFactory.ReadConfiguration(options, paths).Configuration,
                new WorkspaceTrust(root, options.TrustWorkspace.Source, Path.Combine(root, ".loop", "trusted-by-the-test")),
                [ProductExecutable.Path],
                time,
                provider.GetRequiredService<ILoggerFactory>()
            ));
        }

        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new PipedServer(
            host,
            await McpClient.CreateAsync(
                new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()),
                client,
                cancellationToken: TestContext.Current.CancellationToken
            )
        );
    }

    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
