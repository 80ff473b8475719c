using System.IO.Pipelines;
using LoopOrchestrator.Core.Files;
using LoopOrchestrator.Mcp.Bootstrap;
using LoopOrchestrator.Mcp.Configuration;
using LoopOrchestrator.Mcp.Hosting;
using LoopOrchestrator.Testing.Clients;
using LoopOrchestrator.Testing.Workspaces;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;

namespace LoopOrchestrator.Mcp.Tests.Tools;

public sealed class ToolCallBoundaryTests : IAsyncLifetime
{
    private readonly TemporaryWorkspace _workspace = new();
    private IHost? _host;
    private McpClient? _client;

    public async ValueTask InitializeAsync()
    {
        var toServer = new Pipe();
        var toClient = new Pipe();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder
            .Services.AddLoopOrchestratorMcp(Context())
            .WithTools<FaultyTools>()
            .WithStreamServerTransport(toServer.Reader.AsStream(), toClient.Writer.AsStream());
        _host = builder.Build();
        await _host.StartAsync(TestContext.Current.CancellationToken);
        _client = await McpClient.CreateAsync(
            new StreamClientTransport(toServer.Writer.AsStream(), toClient.Reader.AsStream()),
            new McpClientOptions { ProtocolVersion = ProtocolEra.Stateless },
            cancellationToken: TestContext.Current.CancellationToken
        );
    }

    public async ValueTask DisposeAsync()
    {
        await _client!.DisposeAsync();
        await _host!.StopAsync(CancellationToken.None);
        _host.Dispose();
        _workspace.Dispose();
    }

    [Fact]
    public async Task Call_UserError_IsToldAsItStands()
    {
        (await ErrorOfAsync("fail_for_user", Arguments("what", "mode x"))).Should().Be("There is no 'mode x'. Call list_modes.");
    }

    [Fact]
    public async Task Call_Fault_IsToldInShortWithoutItsMessage()
    {
        var text = await ErrorOfAsync("break_down", []);

        text.Should().Contain("break_down").And.Contain("InvalidOperationException").And.Contain("log").And.NotContain(FaultyTools.Secret);
    }

    [Fact]
    public async Task Call_MissingAndUnknownArguments_AreNamed()
    {
        var text = await ErrorOfAsync("fail_for_user", Arguments("waht", "x"));

        text.Should()
            .Be(
                "fail_for_user was not called. The argument 'what' is missing; expected a string. The argument 'waht' is "
                    + "unknown; did you mean 'what'? It takes: what."
            );
    }

    [Fact]
    public async Task Call_WhenTheServerStops_EndsAndSaysSo() =>
        (await ErrorOfAsync("outlive_server", [])).Should().Contain("server is stopping");

    [Fact]
    public async Task Call_UnknownTool_NamesTheNearest()
    {
        var call = async () => await _client!.CallToolAsync("getStatus", cancellationToken: TestContext.Current.CancellationToken);

        (await call.Should().ThrowAsync<McpProtocolException>()).Which.Message.Should().Contain("Did you mean 'get_status'?");
    }

    private static Dictionary<string, object?> Arguments(string name, object value) => new(StringComparer.Ordinal) { [name] = value };

    private ServerContext Context() =>
        new(
            new ServerOptionsResolver(_ => null, _workspace.Root, home: string.Empty).Resolve(new CommandLineValues()).Options,
            TransportMode.Stdio,
            new WorkspacePaths(_workspace.Root),
            new TrustDecision(Trusted: false, "a test"),
            []
        );

    private async Task<string> ErrorOfAsync(string tool, Dictionary<string, object?> arguments)
    {
        var result = await _client!.CallToolAsync(tool, arguments, cancellationToken: TestContext.Current.CancellationToken);
        result.IsError.Should().BeTrue();
        return result.Content.OfType<TextContentBlock>().Should().ContainSingle().Subject.Text;
    }
}
