using System.Text;
using System.Text.Json.Nodes;
using LoopOrchestrator.Mcp.Tests.EndToEnd;
using LoopOrchestrator.Testing.Clients;

namespace LoopOrchestrator.Mcp.Tests.Tools;

/// <summary>The lists of tools that the program gives a client, asked for once for all tests of a class.</summary>
public sealed class ServedTools : IAsyncLifetime
{
    private readonly LoopWorkspace _workspace = new();

    /// <summary>What a client gets when the server was not told which tools to serve.</summary>
    public IReadOnlyList<JsonObject> Default { get; private set; } = [];

    /// <summary>The size of the whole answer with <see cref="Default"/>.</summary>
    public int Bytes { get; private set; }

    /// <summary>What a client gets of a server that serves all of them.</summary>
    public IReadOnlyList<JsonObject> All { get; private set; } = [];

    public async ValueTask InitializeAsync()
    {
        (Default, Bytes) = await ListAsync();
        (All, _) = await ListAsync("--toolsets", ListedTools.Everything);
    }

    public ValueTask DisposeAsync() => _workspace.DisposeAsync();

    private async Task<(List<JsonObject> Tools, int Bytes)> ListAsync(params string[] arguments)
    {
        using var wire = new WireClient(_workspace.StartStdio(arguments));
        await wire.SendAsync(WireClient.StatelessRequest(1, "tools/list"));
        var answer = (await wire.ReceiveAsync())!;
        return (
            [.. answer["result"]!["tools"]!.AsArray().Select(static tool => tool!.AsObject())],
            Encoding.UTF8.GetByteCount(answer.ToJsonString())
        );
    }
}
