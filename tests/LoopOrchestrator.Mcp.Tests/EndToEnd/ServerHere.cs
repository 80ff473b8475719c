using System.IO.Pipelines;
using LoopOrchestrator.Core;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Processes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.EndToEnd;

/// <summary>
/// A server in the process of the test, with what the program serves over stdio and everything behind it: its runs have supervisors
/// and agents as processes of their own. It saves a start of the program where a test is not about the server's process.
/// </summary>
internal sealed class ServerHere : IAsyncDisposable
{
    private readonly Pipe _toServer = new();
    private readonly Pipe _toClient = new();
    private readonly IHost _host;

    private ServerHere(string root, string recordFile, string? toolsets, bool trusted)
    {
        var options = new ServerOptionsResolver(static _ => null, root, home: string.Empty)
            .Resolve(
                new CommandLineValues
                {
                    Mode = "stdio",
                    TrustWorkspace = trusted,
                    Toolsets = toolsets,
                }
            )
            .Options;
        var paths = new WorkspacePaths(root);
        var context = new ServerContext(
            options,
            TransportMode.Stdio,
            paths,
            TrustDecision.From(options.TrustWorkspace, recorded: null),
            []
        );
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder
            .Services.AddLoopOrchestratorMcp(context)
            .WithStreamServerTransport(_toServer.Reader.AsStream(), _toClient.Writer.AsStream());

        // Supervisors are the program under test, and trust is recorded where the test says.
        builder.Services.AddSingleton(provider => new Workspace(
            paths,
            WorkspaceFactory.ReadConfiguration(options, paths).Configuration,
            new WorkspaceTrust(root, trusted ? options.TrustWorkspace.Source : null, recordFile),
            [ProductExecutable.Path],
            TimeProvider.System,
            provider.GetRequiredService<ILoggerFactory>()
        ));
        _host = builder.Build();
    }

    public static async Task<ServerHere> StartAsync(string root, string recordFile, string? toolsets, bool trusted)
    {
        var server = new ServerHere(root, recordFile, toolsets, trusted);
        await server._host.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public Task<McpClient> ConnectAsync() =>
        McpClient.CreateAsync(
            new StreamClientTransport(_toServer.Writer.AsStream(), _toClient.Reader.AsStream()),
            new McpClientOptions { ProtocolVersion = ProtocolEra.Stateless, DiscoverProbeTimeout = Timeout.InfiniteTimeSpan },
            cancellationToken: TestContext.Current.CancellationToken
        );

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
    }
}
